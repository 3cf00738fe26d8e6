# What the program says about itself.
show 'eyenet'
show 'eyenet help'
show 'eyenet help split'
show 'eyenet split --help'
show 'eyenet help label import'
show 'COLUMNS=60 eyenet help init'
show 'eyenet help banana'
show 'eyenet help split banana'
