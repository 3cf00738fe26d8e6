/* eyenet completion. */
#include "cli/commands.h"
#include "cli/complete.h"

static en_status completion(const en_cli *cli, const en_call *call, en_error *err)
{
    return en_completion(call->word[0], cli->out, err);
}

static const en_example examples[] = {
    {"eval \"$(eyenet completion bash)\"", "in ~/.bashrc"},
    {"source <(eyenet completion zsh)", "in ~/.zshrc, after compinit"},
    {"eyenet completion fish > ~/.config/fish/completions/eyenet.fish", NULL},
    {NULL, NULL},
};

const en_command en_cmd_completion = {
    .name = "completion",
    .group = EN_GROUP_EYENET,
    .args = "SHELL",
    .summary = "print a completion script for bash, zsh or fish",
    .text = "The script completes commands, options, the values of options, and the names of the project's runs "
            "and subsets. Installing eyenet installs them, too.",
    .examples = examples,
    .run = completion,
};
