# Completion of fasttrigger in bash. The tool itself says what fits; where nothing does, bash completes file names.
_fasttrigger() {
  local tool=${COMP_WORDS[0]/#\~/$HOME} line=${COMP_LINE:0:COMP_POINT} current=${COMP_WORDS[COMP_CWORD]} suggestion
  line="fasttrigger${line#"${COMP_WORDS[0]}"}"
  # bash takes the sign of --option=value for a word.
  [ "$current" != = ] || current=
  COMPREPLY=()
  while IFS= read -r suggestion; do
    case $suggestion in
      -*) case $current in -*) ;; *) continue ;; esac ;;
      /* | "") continue ;;
    esac
    case $suggestion in "$current"*) COMPREPLY+=("$suggestion") ;; esac
  done < <("$tool" "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o bashdefault -o default -F _fasttrigger fasttrigger
