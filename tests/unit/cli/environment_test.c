/* What the environment says of downloads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "cli/environment.h"

#include <stdlib.h>

static void expect(const char *file, const char *folder)
{
    en_http_options http = en_environment_http();
    if (file != NULL) {
        assert_string_equal(http.ca_file, file);
    } else {
        assert_null(http.ca_file);
    }
    if (folder != NULL) {
        assert_string_equal(http.ca_folder, folder);
    } else {
        assert_null(http.ca_folder);
    }
    assert_int_equal(http.ranges, 0);
}

/* In the order of the tool curl. */
static void certificates_are_those_of_other_tools(void **state)
{
    (void)state;
    unsetenv("CURL_CA_BUNDLE");
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
    expect(NULL, NULL);
    setenv("SSL_CERT_FILE", "file.pem", 1);
    expect("file.pem", NULL);
    setenv("SSL_CERT_DIR", "folder", 1);
    expect("file.pem", "folder");
    setenv("CURL_CA_BUNDLE", "bundle.pem", 1);
    expect("bundle.pem", NULL);
    setenv("CURL_CA_BUNDLE", "", 1);
    setenv("SSL_CERT_FILE", "", 1);
    expect(NULL, "folder");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_those_of_other_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
