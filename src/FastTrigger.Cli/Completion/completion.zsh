#compdef fasttrigger
# Completion of fasttrigger in zsh. The tool itself says what fits; where nothing does, zsh completes file names.
_fasttrigger() {
  local tool=${words[1]/#\~/$HOME} line="fasttrigger ${(j: :)words[2,CURRENT-1]} $PREFIX"
  local -a suggestions
  suggestions=("${(@f)$("$tool" "[suggest:${#line}]" "$line" 2>/dev/null)}")
  if [[ $PREFIX == -* ]]; then
    suggestions=(${(M)suggestions:#$PREFIX*})
  else
    suggestions=(${(M)${suggestions:#(|[-/]*)}:#$PREFIX*})
  fi
  if (( ${#suggestions} )); then
    compadd -a suggestions
  else
    _files
  fi
}
if [ "${funcstack[1]}" = _fasttrigger ]; then
  _fasttrigger "$@"
else
  compdef _fasttrigger fasttrigger
fi
