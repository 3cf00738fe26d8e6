# The fish stub, asked by fish's own `complete -C`.
command -v fish >/dev/null || { echo 'fish is not installed: its completion is not tested'; exit 77; }
labelled_project 9
eyenet split main --test 0.3 --val 0.3 >/dev/null
eyenet augment plain >/dev/null
eyenet subset 'a b' "SELECT variant_id FROM variants WHERE part = 'val'" >/dev/null
touch tiny.net
mkdir 'my folder'
eyenet completion fish >eyenet.fish
fish --no-config <<'END'
source eyenet.fish
for line in 'eyenet tr' 'eyenet label ' 'eyenet help label i' 'eyenet augment ' 'eyenet label import --scheme=e' \
    'eyenet train --subset ' 'eyenet train --subset a' 'eyenet train --model ti' 'eyenet init ' 'eyenet runs '
    set -l found (complete -C $line | string replace -r '\t.*' '' | string join '|')
    echo "$line -> $found"
end
END
eyenet completion fish | wc -l
