/**
 * Completion for bash 3.2 and later; needs no bash-completion package. Nothing of the command line is ever evaluated: of
 * expansions, only `~/` and plain variables are done.
 */
export const BASH_SCRIPT = String.raw`# Completion of %NAME% for bash. Read it with: source <(%NAME% completion bash)

# Splits the command line up to the cursor into words, without quotes and with ~/, $NAME and \${NAME} expanded. COMP_WORDS
# does not serve: it has words cut at COMP_WORDBREAKS (= and :), and quotes in them.
__%FUNCTION%_words() {
    local rest=\${COMP_LINE:0:COMP_POINT} quote= word= begun= char
    words=()
    while [[ -n $rest ]]; do
        char=\${rest:0:1}
        rest=\${rest:1}
        case $quote$char in
            [[:space:]])
                [[ -n $begun ]] && words+=("$word")
                word= begun=
                continue
                ;;
            \\ | \"\\)
                word+=\${rest:0:1}
                rest=\${rest:1}
                ;;
            \' | \") quote=$char ;;
            \'\' | \"\") quote= ;;
            \~)
                if [[ -z $begun && ( -z $rest || $rest == /* ) ]]; then word=$HOME; else word+=$char; fi
                ;;
            \$ | \"\$)
                if [[ $rest =~ ^([A-Za-z_][A-Za-z_0-9]*) || $rest =~ ^\{([A-Za-z_][A-Za-z_0-9]*)\} ]]; then
                    rest=\${rest:\${#BASH_REMATCH[0]}}
                    word+=\${!BASH_REMATCH[1]}
                else
                    word+=$char
                fi
                ;;
            *) word+=$char ;;
        esac
        begun=1
    done
    words+=("$word")
}

# Puts the files that go on from $1 and match the pattern $2 into COMPREPLY, and folders.
__%FUNCTION%_files() {
    local file
    while IFS= read -r file; do
        if [[ -d $file || $file == $2 ]]; then COMPREPLY+=("$file"); fi
    done < <(compgen -f -- "$1")
    type compopt &>/dev/null && compopt -o filenames
}

__start_%FUNCTION%() {
    local words program current value char start= cut= REPLY
    __%FUNCTION%_words
    COMPREPLY=()
    program=("\${words[0]}")
    if ((BASH_VERSINFO[0] >= 4)) && [[ -n \${BASH_ALIASES[\${words[0]}]+set} ]]; then
        # shellcheck disable=SC2206
        program=(\${BASH_ALIASES[\${words[0]}]})
    fi
    current=\${words[\${#words[@]}-1]}

    local line lines=() directive
    while IFS= read -r line; do
        lines+=("$line")
    done < <("\${program[0]}" __complete "\${program[@]:1}" "\${words[@]:1}" 2>/dev/null)
    ((\${#lines[@]} > 0)) || return
    directive=\${lines[\${#lines[@]}-1]#:}
    unset "lines[\${#lines[@]}-1]"

    # Behind --flag= candidates are for the value, and bash replaces only what follows the last word break.
    value=$current
    if [[ $current == -*=* ]]; then
        value=\${current#*=}
        [[ $COMP_WORDBREAKS == *=* ]] || start=\${current%%=*}=
    fi
    for char in = :; do
        if [[ $COMP_WORDBREAKS == *$char* && \${value#"$cut"} == *$char* ]]; then cut=\${value%"\${value##*$char}"}; fi
    done

    if ((directive & 16)); then
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$value")
        type compopt &>/dev/null && compopt -o filenames
        return
    fi
    if ((directive & 8)); then
        __%FUNCTION%_files "$value" "*.@($(IFS='|' && echo "\${lines[*]}"))"
        return
    fi
    local texts=() notes=() longest=0 text
    for line in "\${lines[@]}"; do
        text=\${line%%$'\t'*}
        texts+=("$start\${text#"$cut"}")
        if [[ $line == *$'\t'* ]]; then notes+=("\${line#*$'\t'}"); else notes+=(''); fi
        ((\${#text} > longest)) && longest=\${#text}
    done
    local index
    if ((\${#texts[@]} == 1)); then
        printf -v REPLY %q "\${texts[0]}"
        COMPREPLY=("$REPLY")
    else
        # Several are only listed: each with what it is, as far as a line of the terminal goes.
        for ((index = 0; index < \${#texts[@]}; index++)); do
            text=\${texts[index]}
            if [[ -n \${notes[index]} && \${COMP_TYPE:-9} != 37 && \${COMP_TYPE:-9} != 42 ]]; then
                printf -v text "%-\${longest}s  (%s" "$text" "\${notes[index]}"
                text="\${text:0:\${COLUMNS:-80} - 3})"
            fi
            COMPREPLY+=("$text")
        done
    fi
    if type compopt &>/dev/null; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 4)) && compopt +o default
    fi
    return 0
}

complete -o default -F __start_%FUNCTION% %NAME%
`;
