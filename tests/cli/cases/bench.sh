# What a network costs, line by line: shapes, parameters and memory, and every time a number above 0. No project is needed.
cat >small.net <<'NET'
input 20x18x3
conv 8 3x3 batchnorm relu as a
conv 8 3x3 pad same batchnorm
add a relu
globalavgpool
dense classes softmax
NET
export EYENET_ISA=ref
show "eyenet bench small.net --batch 3 --rounds 2 --threads 1 --csv | awk -F, '{ print \$1 \",\" \$2 \",\" \$3 \",\" \$9 \",\" \$10 }'"
eyenet bench small.net --batch 3 --rounds 2 --threads 1 --csv |
  awk -F, 'NR > 2 && !($5 > 0 && $6 > 0) { print "no times for " $2 } NR == 3 && !($7 > 0) { print "no operations" }'
show "eyenet bench small.net --predict --rounds 1 --threads 1 | tail -n 1 | tr -d '0-9.'"
show "eyenet bench smal.net"
show "EYENET_CONV=im2cool eyenet bench small.net"
