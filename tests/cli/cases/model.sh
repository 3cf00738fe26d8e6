# Weights of PyTorch's names are imported whole or not at all; what a network is made of; a training from the weights.
eyes_project
command -v python3 >/dev/null || { echo 'no python3'; exit 77; }
# A file with the names and shapes of efficientnet-lite0, all numbers 0.
cat >"$SAID/make.py" <<'END'
import json, struct, sys
header, at = {"__metadata__": {"origin": "a test", "licence": "CC0"}}, 0
def add(name, *shape):
    global at
    size = 4
    for n in shape:
        size *= n
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, at + size]}
    at += size
def norm(name, c):
    for what in "weight", "bias", "running_mean", "running_var":
        add(f"{name}.{what}", c)
add("_conv_stem.weight", 32, 3, 3, 3)
norm("_bn0", 32)
before, block = 32, 0
for count, kernel, wider, channels in (1, 3, 1, 16), (2, 3, 6, 24), (2, 5, 6, 40), (3, 3, 6, 80), (3, 5, 6, 112), (4, 5, 6, 192), (1, 3, 6, 320):
    for i in range(count):
        name, wide = f"_blocks.{block}.", before * wider
        if wider > 1:
            add(name + "_expand_conv.weight", wide, before, 1, 1)
            norm(name + "_bn0", wide)
        add(name + "_depthwise_conv.weight", wide, 1, kernel, kernel)
        norm(name + "_bn1", wide)
        add(name + "_project_conv.weight", channels, wide, 1, 1)
        norm(name + "_bn2", channels)
        before, block = channels, block + 1
add("_conv_head.weight", 1280, 320, 1, 1)
norm("_bn1", 1280)
add("_fc.weight", 1000, 1280)
add("_fc.bias", 1000)
text = json.dumps(header).encode()
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    file.truncate(8 + len(text) + at)
END
python3 "$SAID/make.py" lite.safetensors
head -c 100000 lite.safetensors >cut.safetensors
unchanged 'eyenet model import cut.safetensors --as efficientnet-lite0'
unchanged 'eyenet model import ../tiny.net --as efficientnet-lite0'
unchanged 'eyenet model import lite.safetensors --as efficientnet-lite1'
unchanged 'eyenet model import lite.safetensors --as resnet18'
unchanged 'eyenet model import lite.safetensors --as eyenet'
unchanged 'eyenet model import lite.safetensors'
unchanged 'eyenet model import lite.safetensors --as efficientnet-lite0 --name a/b'
unchanged 'eyenet model import nothing.safetensors --as efficientnet-lite0'
show 'eyenet model list'
show 'eyenet model import lite.safetensors --as efficientnet-lite0 | grep -v sha256'
unchanged 'eyenet model import lite.safetensors --as efficientnet-lite0'
show 'eyenet model import lite.safetensors --as efficientnet-lite0 --name second --licence "as agreed" --origin "a friend" -q | grep -v sha256'
show 'eyenet model list'
show 'eyenet model list --csv | cut -d, -f1-6,8'
[ "$(eyenet model list --csv | cut -d, -f9 | sed -n 2p)" = "$(sha256sum models/lite.safetensors | cut -d" " -f1)" ] || echo 'another hash'
show 'eyenet model show lite --csv | tail -n 1 | cut -d, -f1-6'
# A folder or file of its name hides no model.
mkdir lite && touch second
show 'eyenet model show lite --csv | tail -n 1 | cut -d, -f1-6'
show 'eyenet model show second --csv | tail -n 1 | cut -d, -f1-6'
rmdir lite && rm second
show 'eyenet model show models/lite.safetensors --csv | wc -l'
show 'eyenet model show ../tiny.net --json | cut -d, -f1-6'
show 'eyenet model show ../tiny.net | grep "floating point"'
show 'eyenet model show nothing'
show 'eyenet model show lite.safetensors'
unchanged 'eyenet train --subset small --init lite --freeze head'
unchanged 'eyenet train --subset small --model ../tiny.net --init lite'
show 'eyenet train --subset small --target "CAST(patient AS INTEGER) % 3" --init runs/first/model.safetensors --freeze head --epochs 1 --name moved -q >/dev/null'
show "eyenet sql \"SELECT p.name, value FROM param p JOIN run r USING (run_id) WHERE r.name = 'moved' AND p.name IN ('init', 'freeze', 'batchnorm')\""
echo x >>models/second.safetensors
unchanged 'eyenet train --subset small --init second'
