/** Completion for zsh 5.2 and later: to be sourced after compinit, or saved as `_NAME` in a folder of $fpath. */
export const ZSH_SCRIPT = String.raw`#compdef %NAME%
# Completion of %NAME% for zsh. Read it with: source <(%NAME% completion zsh)

_%FUNCTION%() {
    emulate -L zsh
    setopt extended_glob
    local -a plain lines candidates options
    local word line text note value start= directive out
    # Quotes are removed; of expansions only ~/ and plain variables are done: nothing is evaluated.
    for word in "\${(@)words[2,CURRENT]}"; do
        [[ $word == '~/'* ]] && word="$HOME\${word#\~}"
        if [[ $word == *\$* && $word != *\'* ]]; then
            word=\${word//(#b)\$(|\{)([A-Za-z_][A-Za-z_0-9]#)(|\})/\${(P)match[2]}}
        fi
        plain+=("\${(Q)word}")
    done
    out=$("\${(Q)words[1]/#\~\//$HOME/}" __complete "\${plain[@]}" 2>/dev/null) || return 1
    lines=("\${(@f)out}")
    directive=\${lines[-1]#:}
    lines=("\${(@)lines[1,-2]}")
    value=\${plain[-1]}
    if [[ $value == -*=* ]]; then
        compset -P '*='
        value=\${value#*=}
    fi
    if ((directive & 16)); then
        _files -/
        return
    fi
    if ((directive & 8)); then
        _files -g "*.(\${(j:|:)lines})"
        return
    fi
    ((directive & 2)) && options+=(-S '')
    for line in "\${lines[@]}"; do
        [[ -n $line ]] || continue
        text=\${line%%$'\t'*}
        text=\${text//:/\\:}
        if [[ $line == *$'\t'* ]]; then
            candidates+=("$text:\${line#*$'\t'}")
        else
            candidates+=("$text")
        fi
    done
    if ((\${#candidates} > 0)); then
        _describe -V '' candidates "\${options[@]}"
    elif ((!(directive & 4))); then
        _files
    else
        return 1
    fi
}

if [[ $funcstack[1] == _%FUNCTION% ]]; then
    _%FUNCTION% "$@"
else
    compdef _%FUNCTION% %NAME%
fi
`;
