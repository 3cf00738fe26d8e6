/* Predicts photographs with a trained model, from a C program of your own:
 *   cc embed.c $(pkg-config --cflags --libs eyenet) -o embed
 *   ./embed runs/first/model.safetensors 10_left.jpeg 10_right.jpeg */
#include <eyenet/eyenet.h>
#include <stdio.h>

enum { MAX_CLASSES = 64 };

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s MODEL PHOTOGRAPH...\n", argv[0]);
        return EYENET_USAGE;
    }
    eyenet_error error;
    eyenet_model *model = NULL;
    if (eyenet_model_open(argv[1], &model, &error) != EYENET_OK) {
        fprintf(stderr, "%s\n", error.text);
        return error.status;
    }
    int worst = 0;
    printf("photograph\tp(%s: %s)\n", eyenet_model_target(model),
           eyenet_model_label(model, eyenet_model_classes(model) - 1));
    for (int i = 2; i < argc; i++) {
        double p[MAX_CLASSES];
        if (eyenet_model_predict_file(model, argv[i], p, MAX_CLASSES, &error) == EYENET_OK) {
            printf("%s\t%.4f\n", argv[i], p[eyenet_model_classes(model) - 1]);
        } else {
            fprintf(stderr, "%s\n", error.text);
            worst = error.status;
        }
    }
    eyenet_model_close(model);
    return worst;
}
