/* A file of weights: tensors lie within the file, one after another, and a network takes all of them or none. */
#include <math.h>

#include "fuzz.h"
#include "nn/safetensors.h"

static en_network *network(void)
{
    static en_network *net;
    static en_spec spec;
    static const char text[] = "input 8x8x3\nconv 2 3x3 relu\nmaxpool 2\ndense classes softmax\n";
    if (net == NULL) {
        en_error err;
        en_network_config config = {.spec = &spec, .classes = 2, .batch = 1, .mode = EN_INFER};
        FUZZ_MUST(en_spec_parse(text, "fuzz", &spec, &err) == EN_OK);
        FUZZ_MUST(en_kernel_select("ref", &config.kernels, &err) == EN_OK);
        FUZZ_MUST(en_network_new(&config, &net, &err) == EN_OK);
    }
    return net;
}

static void check_table(const char *path)
{
    en_error err;
    en_tensor_file file;
    if (en_tensors_open(path, &file, &err) != EN_OK) {
        return;
    }
    uint64_t at = 0;
    for (size_t i = 0; i < file.count; i++) {
        uint64_t values = 1;
        for (unsigned d = 0; d < file.tensor[i].rank; d++) {
            values *= file.tensor[i].shape[d];
        }
        FUZZ_MUST(file.tensor[i].other_type || file.tensor[i].width == sizeof(float));
        FUZZ_MUST(file.tensor[i].begin == at && file.tensor[i].end - at == values * file.tensor[i].width);
        at = file.tensor[i].end;
    }
    FUZZ_MUST(at == file.data_bytes);
    en_tensors_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    en_error err;
    en_metadata meta = {0};
    const char *path = fuzz_file(bytes, size);
    check_table(path);
    if (en_metadata_read(path, &meta, &err) == EN_OK) {
        (void)en_metadata_get(&meta, "spec");
        en_metadata_clear(&meta);
    }
    en_network_init(network(), 1);
    float before = en_network_parameter(network(), 0)->value[0];
    if (en_weights_load(network(), EN_KEEP_MODEL, path, &err) == EN_INPUT) {
        FUZZ_MUST(en_network_parameter(network(), 0)->value[0] == before && !isnan(before));
    }
    return 0;
}
