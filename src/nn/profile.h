/* Where a network's time and memory go, line by line of its text. */
#ifndef EN_NN_PROFILE_H
#define EN_NN_PROFILE_H

#include "nn/network.h"

typedef struct en_profile_line {
    char text[96];         /* of the line, cut where it is longer; "input" for the first */
    int64_t line;          /* in the text, from 1; 0 for the input */
    char shape[40];        /* of the output */
    const char *algorithm; /* of a convolution; NULL */
    int64_t parameters;
    int64_t bytes;            /* parameters, optimiser, activations and what the layer keeps, for a batch */
    double flops;             /* of a batch, by the layers' formulas, with the gradients that training makes */
    double forward, backward; /* seconds, the median of the rounds; backward: with the update */
} en_profile_line;

typedef struct en_profile {
    size_t count; /* the lines of the text and the input */
    en_profile_line line[EN_SPEC_LAYERS + 1];
    double step; /* seconds of a whole step, the median of the rounds */
    double least, most;
    double peak; /* floating point operations per second: of a large matrix product on all threads, the best seen */
} en_profile;

#define EN_PROFILE_ROUNDS_MAX 1000

/* Runs `rounds` steps after one that does not count, on noise, at learning rate 0: of training, or of prediction where
 * the network was made for it. EN_NOMEM; EN_USAGE for rounds outside 1..EN_PROFILE_ROUNDS_MAX. */
en_status en_network_profile(en_network *net, size_t rounds, en_profile *out, en_error *err) EN_CHECKED;

#endif
