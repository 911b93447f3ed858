# Completion of fasttrigger in fish. The tool itself says what fits; where nothing does, fish completes file names.
function __fasttrigger_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l tool (string replace -r '^~' $HOME -- $words[1])
    set -l line (string join -- ' ' fasttrigger $words[2..-1] "$current")
    # What fits nothing is an empty line.
    set -l suggestions ($tool "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match -- '?*')
    # Without arguments, string reads its standard input.
    if not set -q suggestions[1]
        set suggestions
    else if string match -q -- '-*' "$current"
        set suggestions (string match -- '-*' $suggestions)
    else
        set suggestions (string match -rv -- '^[-/]' $suggestions)
    end
    if set -q suggestions[1]
        printf '%s\n' $suggestions
    else
        __fish_complete_path "$current"
    end
end
complete -c fasttrigger -f -a '(__fasttrigger_complete)'
