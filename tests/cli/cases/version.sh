# The same in both spellings; the figures themselves change.
eyenet --version | cmp - <(eyenet version) && echo same
show 'eyenet version --csv | cut -d, -f1'
