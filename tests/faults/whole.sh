#!/usr/bin/env bash
# Makes the project whole/ in the current folder, of which every table of the catalog has rows, and beside it eyes/, more/ and new/,
# photographs; tiny.net, a network; p.csv, predictions. Needs eyenet on the PATH. Takes a few seconds.
set -eu
cat >tiny.net <<'END'
input 32x32x3 scale 1/255
conv 4 5x5 stride 2 relu
maxpool 2
dense 8 relu
dense classes softmax
END
eyenet phantom eyes --patients 16 --max-width 64 --seed 3 -q
eyenet phantom more --patients 24 --max-width 64 --seed 9 -q
mkdir new
mv more/train/{19,20,21}_*.jpeg new/
python3 - <<'END'
"""a.zip.001 and .002: an archive in two volumes, of which a member is damaged. lite.safetensors: zeros with the names and shapes of
efficientnet-lite0."""
import json
import struct
import zipfile
with zipfile.ZipFile('a.zip', 'w') as z:
    for n in (23, 24):
        for side in ('left', 'right'):
            name = 'train/%d_%s.jpeg' % (n, side)
            z.writestr(zipfile.ZipInfo(name), open('more/' + name, 'rb').read())
archive = bytearray(open('a.zip', 'rb').read())
archive[zipfile.ZipFile('a.zip').infolist()[3].header_offset + 400] ^= 1
half = len(archive) // 2
open('a.zip.001', 'wb').write(archive[:half])
open('a.zip.002', 'wb').write(archive[half:])

header, at = {'__metadata__': {'origin': 'a test', 'licence': 'CC0'}}, 0


def add(name, *shape):
    global at
    size = 4
    for n in shape:
        size *= n
    header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [at, at + size]}
    at += size


def norm(name, channels):
    for what in 'weight', 'bias', 'running_mean', 'running_var':
        add('%s.%s' % (name, what), channels)


add('_conv_stem.weight', 32, 3, 3, 3)
norm('_bn0', 32)
before, block = 32, 0
for count, kernel, wider, channels in ((1, 3, 1, 16), (2, 3, 6, 24), (2, 5, 6, 40), (3, 3, 6, 80), (3, 5, 6, 112), (4, 5, 6, 192),
                                       (1, 3, 6, 320)):
    for _ in range(count):
        name, wide = '_blocks.%d.' % block, before * wider
        if wider > 1:
            add(name + '_expand_conv.weight', wide, before, 1, 1)
            norm(name + '_bn0', wide)
        add(name + '_depthwise_conv.weight', wide, 1, kernel, kernel)
        norm(name + '_bn1', wide)
        add(name + '_project_conv.weight', channels, wide, 1, 1)
        norm(name + '_bn2', channels)
        before, block = channels, block + 1
add('_conv_head.weight', 1280, 320, 1, 1)
norm('_bn1', 1280)
add('_fc.weight', 1000, 1280)
add('_fc.bias', 1000)
text = json.dumps(header).encode()
with open('lite.safetensors', 'wb') as file:
    file.write(struct.pack('<Q', len(text)) + text)
    file.truncate(8 + len(text) + at)
END
eyenet init whole -q
cd whole
eyenet fetch ../eyes/train -q
eyenet fetch ../a.zip.001 --encoding CP932 -q || true # one photograph is damaged, which is a row, too
eyenet ingest --recipe 'crop=retina size=32' -q
eyenet scheme add dme 0..2 --values 2=near -q
eyenet label import ../eyes/trainLabels.csv --unknown skip -q
eyenet augment plain -q
eyenet split thirds --test 0.3 --folds 2 -q
eyenet split main --test 0.3 --val 0.2 -q
eyenet subset small "SELECT variant_id FROM variants WHERE part = 'train'" -q
train() { eyenet train --model ../tiny.net --subset small --target eye -q "$@"; }
train --epochs 2 --name first
train --epochs 1 --seed 9 --name second
train --epochs 1 --seed 10 --name gone
eyenet runs rm gone -q
eyenet evaluate first -q
eyenet evaluate second -q
eyenet run combine both first second -q
eyenet evaluate both -q
eyenet embed first -q
eyenet promote first --reason 'the first of all' -q
eyenet model import ../lite.safetensors --as efficientnet-lite0 -q
eyenet sql --csv "SELECT image, eye AS predicted FROM variants WHERE part = 'test'" >../p.csv
eyenet run import ../p.csv --name elsewhere --target eye -q
eyenet run log logged epoch=1 val_loss=0.5 -q
eyenet fetch ../new -q
eyenet ingest --recipe 'crop=retina size=32' -q
grep -E '^(image|19|2[0-4])' ../more/trainLabels.csv >../moreLabels.csv
eyenet label import ../moreLabels.csv --unknown skip -q
eyenet augment plain -q
eyenet retrain first --epochs 1 --margin 1 -q
eyenet runs tag first good -q
eyenet runs note first 'a note' -q
eyenet runs rename second other -q
# A run of another project, of photographs that are not here, in a bundle.
mkdir ../others
for file in ../more/train/1[0-8]_*.jpeg; do cp "$file" "../others/9$(basename "$file")"; done
sed -nE -e 1p -e 's/^(1[0-8]_)/9\1/p' ../more/trainLabels.csv >../others.csv
eyenet init ../far -q
(
  cd ../far
  eyenet fetch ../others -q
  eyenet ingest --recipe 'crop=retina size=32' -q
  eyenet label import ../others.csv --unknown skip -q
  eyenet augment plain -q
  eyenet split main --test 0.3 --val 0.2 -q
  eyenet subset small "SELECT variant_id FROM variants WHERE part = 'train'" -q
  eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name first -q
  eyenet evaluate first -q
  eyenet bundle export first --out ../far.zip -q
)
eyenet bundle import ../far.zip --name far -q
# No command writes artifacts, which the schema allows.
python3 - <<'END'
import sqlite3
db = sqlite3.connect('eyenet.db')
db.execute("INSERT INTO artifact (run_id, kind, path, sha256) SELECT run_id, 'report', 'report.html', printf('%064d', 0) FROM run LIMIT 1")
db.commit()
db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
db.close()
END
