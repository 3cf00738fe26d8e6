# What the program says about itself.
show 'eyenet'
show 'eyenet help'
show 'eyenet label --help | head -n 1'
show 'eyenet label -h | head -n 1'
show 'eyenet help label | head -n 1'
show 'eyenet label banana --help'
show "COLUMNS=60 eyenet help | awk 'length > 60'"
show "COLUMNS=60 eyenet help train | awk 'length > 60'"
show 'eyenet help split'
show 'eyenet split --help'
show 'eyenet help label import'
show 'COLUMNS=60 eyenet help init'
show 'eyenet help banana'
show 'eyenet help split banana'
