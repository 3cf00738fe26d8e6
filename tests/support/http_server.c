/* Running the test web server as a child process; its certificate is made here, so that no key lies about. */
#include "http_server.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

bool http_server_start(http_server *server, const char *folder, const char *log, const char *certificate)
{
    return http_server_start_as(server, "http_server.py", folder, log, certificate);
}

bool http_server_start_as(http_server *server, const char *program, const char *folder, const char *log,
                          const char *certificate)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", EN_TEST_SUPPORT, program);
    int in[2], out[2];
    *server = (http_server){.in = -1};
    signal(SIGPIPE, SIG_IGN);
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
        return false;
    }
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        execlp("python3", "python3", path, folder, log, certificate, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    FILE *port = fdopen(out[0], "r");
    if (pid < 0 || port == NULL || fscanf(port, "%d", &server->port) != 1) {
        fprintf(stderr, "SKIPPED: the test web server needs python3, which could not be run\n");
        close(in[1]);
        if (pid > 0) {
            waitpid(pid, NULL, 0);
        }
        if (port != NULL) {
            fclose(port);
        }
        return false;
    }
    fclose(port);
    server->in = in[1];
    server->pid = pid;
    return true;
}

void http_server_stop(http_server *server)
{
    if (server->in >= 0) {
        close(server->in);
        waitpid((pid_t)server->pid, NULL, 0);
        server->in = -1;
    }
}

bool http_server_certificate(const char *path)
{
    bool ok = false;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = X509_new();
    FILE *f = fopen(path, "wb");
    if (key == NULL || cert == NULL || f == NULL) {
        goto done;
    }
    X509_NAME *name = X509_get_subject_name(cert);
    X509_EXTENSION *where = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");
    ok = where != NULL && X509_set_version(cert, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) == 1 &&
         X509_gmtime_adj(X509_getm_notBefore(cert), -3600) != NULL &&
         X509_gmtime_adj(X509_getm_notAfter(cert), 86400) != NULL &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"127.0.0.1", -1, -1, 0) == 1 &&
         X509_set_issuer_name(cert, name) == 1 && X509_add_ext(cert, where, -1) == 1 &&
         X509_set_pubkey(cert, key) == 1 && X509_sign(cert, key, EVP_sha256()) > 0 &&
         PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL) == 1 && PEM_write_X509(f, cert) == 1;
    X509_EXTENSION_free(where);
done:
    if (f != NULL) {
        ok = fclose(f) == 0 && ok;
    }
    X509_free(cert);
    EVP_PKEY_free(key);
    return ok;
}
