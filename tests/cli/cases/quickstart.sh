# The quickstart shows its commands as a person would type them, and a shell reads them back as they were.
eval "$(sed -n '/^typed() {/,/^}/p' "$TESTS/../../examples/quickstart.sh")"
shown() {
  local again=()
  typed eyenet "$@"
  eval "again=($(typed "$@"))"
  [ "$(printf '<%s>' "$@")" = "$(printf '<%s>' "${again[@]}")" ] || echo 'NOT THE SAME'
}
shown ingest --recipe 'crop=retina size=96'
shown subset training "SELECT variant_id FROM variants WHERE part = 'train' AND rotation = 0"
shown train --target 'grade >= 2' --lr 0.002
shown fetch ../eyes/train '' 'a "b" $c' "it's \"all\"" "don't!"
