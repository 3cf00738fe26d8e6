/* Completion scripts: they hand the words to `eyenet __complete` and take its candidates. */
#include <string.h>

#include "cli/complete.h"

const char *const en_completion_shells[] = {"bash", "zsh", "fish", NULL};

/* bash hands words over as they were typed: quotes and backslashes go, ~ is the home folder. It parts --name=value at
 * the "=" and wants the value alone, and it wants candidates quoted. */
static const char bash[] =
    "# bash completion for eyenet: eval \"$(eyenet completion bash)\"\n"
    "_eyenet() {\n"
    "    local line words=(\"${COMP_WORDS[@]:1:COMP_CWORD}\")\n"
    "    words=(\"${words[@]//[\\\\\\'\\\"]/}\")\n"
    "    while IFS= read -r line; do\n"
    "        [[ ${COMP_WORDS[COMP_CWORD]} == --*=* ]] || line=${line#--*=}\n"
    "        case $line in $'\\tfiles') compopt -o default ;; $'\\tdirs') compopt -o dirnames ;;\n"
    "        *) printf -v line %q \"$line\"; COMPREPLY+=(\"$line\") ;; esac\n"
    "    done < <(eyenet __complete -- \"${words[@]/#\\~/$HOME}\" 2>/dev/null)\n"
    "} && complete -F _eyenet eyenet\n";

static const char zsh[] = "#compdef eyenet\n"
                          "_eyenet() { # eyenet completion zsh > a folder of $fpath/_eyenet\n"
                          "  local -a found words_here\n"
                          "  words_here=(\"${(@Q)words[2,CURRENT]}\")\n"
                          "  found=(\"${(@f)$(eyenet __complete -- \"${(@)words_here/#\\~/$HOME}\" 2>/dev/null)}\")\n"
                          "  compadd -- ${found:#$'\\t'*}\n"
                          "  [[ -z ${(M)found:#$'\\tfiles'} ]] || { compset -P '--*='; _files }\n"
                          "  [[ -z ${(M)found:#$'\\tdirs'} ]] || { compset -P '--*='; _directories }\n"
                          "}\n"
                          "if [[ $funcstack[1] == _eyenet ]]; then _eyenet \"$@\"; else compdef _eyenet eyenet; fi\n";

static const char fish[] =
    "# fish completion for eyenet: eyenet completion fish > ~/.config/fish/completions/eyenet.fish\n"
    "function __eyenet\n"
    "    set -l words (commandline -opc); set -l word (commandline -ct)\n"
    "    for line in (eyenet __complete -- $words[2..-1] \"$word\" 2>/dev/null)\n"
    "        switch $line\n"
    "            case \\tfiles; __fish_complete_path \"$word\"\n"
    "            case \\tdirs; __fish_complete_directories \"$word\"\n"
    "            case '*'; echo $line\n"
    "    end; end\n"
    "end; complete -c eyenet -f -a '(__eyenet)'\n";

en_status en_completion(const char *shell, en_out *out, en_error *err)
{
    static const char *const script[] = {bash, zsh, fish};
    for (size_t i = 0; en_completion_shells[i] != NULL; i++) {
        if (strcmp(en_completion_shells[i], shell) == 0) {
            fputs(script[i], out->stream);
            return EN_OK;
        }
    }
    return en_error_set(err, EN_USAGE, "no completion for the shell '%s': there is bash, zsh and fish", shell);
}
