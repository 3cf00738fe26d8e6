# Trainings are watched: those that run, in whatever process, those that ended of late, and those whose process is gone.
eyes_project
sleep 1.1
show 'eyenet top --recent 0 --json' # what the project was made with ended long ago
still() { sed -E 's/^  [0-9.]+ images.s, [0-9]+ s so far/  N images per second, N s so far/; s/[0-9]\.[0-9]{3,4}/N/g'; }
show 'eyenet top --recent 1000000 | still'
show 'eyenet top --recent 1000000 --csv | cut -d, -f1-5,10-11,13'
eyenet train --subset small --model ../tiny.net --target eye --epochs 90000 --patience 0 --name second -q >/dev/null 2>&1 &
training=$!
until eyenet top --csv | grep -q '^second,running,[0-9]*,90000,[0-9]'; do sleep 0.1; done
eyenet top | grep -o 'second: training, epoch' # elsewhere, of another process
eyenet top --csv | awk -F, '$1 == "second" {print ($7 > 0 ? "has a rate" : "no rate"), ($9 > 0 ? "has time left" : "no time left")}'
kill -9 $training
wait $training 2>/dev/null
eyenet top | grep -o 'second: killed, epoch'
unchanged 'eyenet top --every 0'
# On a terminal a screen of its own, until q; the terminal is as it was.
command -v script >/dev/null || { echo 'no terminal: script(1) is missing'; exit 77; }
printf 'q' | script -qec 'stty cols 80 rows 24; stty -a >before; TERM=xterm eyenet top --every 0.2; echo "left with $?"; stty -a >after' /dev/null >screen
cmp before after && echo 'the terminal is as it was'
grep -c $'\033\\[?1049h' screen
grep -c $'\033\\[?1049l' screen
grep -ao 'left with 0' screen
