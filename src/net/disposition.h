/* The name of a file in a Content-Disposition header (RFC 6266), as servers write it. For the files of this folder
 * alone. */
#ifndef EN_NET_DISPOSITION_H
#define EN_NET_DISPOSITION_H

#include "net/http.h"

/* attachment; filename="eyes.zip"; filename*=UTF-8''eyes.zip: the second form comes before the first, if it can be
 * read. Only the last part of a path in it, as UTF-8 without control characters; "" for none. */
void en_http_disposition_name(char out[EN_HTTP_NAME], const char *value);

#endif
