# Trainings that cannot begin, and one that does.
eyes_project
printf 'input 32x32x3 scale 1/255\nconv 4 5x5 rlu\ndense classes softmax\n' >typo.net
printf 'input 32x32x3\nconv 4 50x50\ndense classes softmax\n' >large.net
printf 'input 32x32x3\ndense 2 softmax\ndense 2 softmax\n' >twice.net
unchanged 'eyenet train --subset small --model typo.net'
unchanged 'eyenet train --subset small --model large.net'
unchanged 'eyenet train --subset small --model twice.net'
unchanged 'eyenet train --subset small --model eyenett'
unchanged 'eyenet train --subset small --model eyenet'
unchanged 'eyenet train --subset smal --model ../tiny.net'
unchanged 'eyenet train --subset small --model ../tiny.net --name first -q'
unchanged 'eyenet train --subset small --model ../tiny.net --target "nosuch > 1"'
unchanged 'eyenet train --subset small --model ../tiny.net --target "1"'
unchanged 'eyenet train --subset small --model ../tiny.net --class-weights 1,2,3'
unchanged 'eyenet train --subset small --model ../tiny.net --recipe "crop=none size=99"'
unchanged 'eyenet train --subset small --model ../tiny.net --schedule cosin'
unchanged 'eyenet train --subset small --model ../tiny.net --schedule "cosine every 0.2"'
unchanged 'eyenet train --subset small --model ../tiny.net --augment "mirror rotat 15"'
unchanged 'eyenet train --subset small --model ../tiny.net --augment "zoom 1.1"'
unchanged 'eyenet train --subset small --model ../tiny.net --augment elastic'
unchanged 'eyenet train --subset small --model ../tiny.net --target eye --augment "quarter flip"'
unchanged 'eyenet train --subset small --model ../tiny.net --target "CASE rotation WHEN 0 THEN patient % 2 END" --augment "rotate 5"'
eyenet subset tests "SELECT variant_id FROM variants WHERE part = 'test'" >/dev/null
unchanged 'eyenet train --subset tests --model ../tiny.net'
show 'eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name second -q'
show 'eyenet sql "SELECT run, epoch, part, metric, round(value, 4) AS value FROM metrics WHERE run = '"'second'"' AND part <> '"''"' ORDER BY part, metric"'
# Validation is the same on images as they are; training is not.
show 'eyenet train --subset small --model ../tiny.net --target eye --epochs 1 --name third --augment "hue 5 rotate 15.0 shift 0.05" -q | grep -v "^val_"'
show 'eyenet runs --csv | cut -d, -f1,19'
