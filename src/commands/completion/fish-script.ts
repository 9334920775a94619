/** Completion for fish 3 and later. */
export const FISH_SCRIPT = String.raw`# Completion of %NAME% for fish. Read it with: %NAME% completion fish | source

function __%FUNCTION%_expand --description 'Removes quotes, and expands ~/ and plain variables; nothing is evaluated'
    for word in $argv
        string match -q -- '~/*' $word; and set word $HOME(string sub -s 2 -- $word)
        string unescape -- $word 2>/dev/null; or echo -- $word
    end
end

function __%FUNCTION%_complete
    set -l words (commandline -opc)
    set -l current (__%FUNCTION%_expand (commandline -ct))
    set -l program $words[1]
    string match -q -- '~/*' $program; and set program $HOME(string sub -s 2 -- $program)
    set -l lines ($program __complete (__%FUNCTION%_expand $words[2..-1]) "$current" 2>/dev/null)
    test (count $lines) -gt 0; or return
    set -l directive (string sub -s 2 -- $lines[-1])
    set -e lines[-1]
    set -l start ''
    set -l value "$current"
    if string match -q -- '-*=*' "$current"
        set start (string replace -r -- '=.*' '=' "$current")
        set value (string replace -r -- '^[^=]*=' '' "$current")
    end
    if test (math "bitand($directive, 16)") -ne 0
        for folder in (__fish_complete_directories "$value" '')
            echo -- $start$folder
        end
        return
    end
    if test (math "bitand($directive, 8)") -ne 0
        set -l ending '\.('(string join '|' -- $lines)')$'
        for file in (__fish_complete_path "$value")
            string match -q -r -- '/$|'$ending (string split -f1 \t -- $file); and echo -- $start$file
        end
        return
    end
    if test (count $lines) -eq 0
        if test (math "bitand($directive, 4)") -eq 0
            for file in (__fish_complete_path "$value")
                echo -- $start$file
            end
        end
        return
    end
    for line in $lines
        echo -- $start$line
    end
end

complete -c %NAME% -e
complete -c %NAME% -f -a '(__%FUNCTION%_complete)'
`;
