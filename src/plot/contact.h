/* Contact sheets: small pictures in rows, with a few words under each. */
#ifndef EN_PLOT_CONTACT_H
#define EN_PLOT_CONTACT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

#define EN_CONTACT_EDGE 160 /* px: the square a picture is fitted into */
#define EN_CONTACT_LINES 3  /* of words under it */
#define EN_CONTACT_COLUMNS 6
#define EN_CONTACT_MOST 360 /* pictures of a sheet */

typedef struct en_contact_picture {
    const uint8_t *rgb;                 /* (height,width,3), at most EN_CONTACT_EDGE either way; NULL: "no picture" */
    int width, height;                  /* px */
    const char *line[EN_CONTACT_LINES]; /* the first is bold; what is too long is shortened; NULL: none */
    const char *group;                  /* a heading stands above the first picture of each; NULL: none */
} en_contact_picture;

/* Appends the sheet to `out` as a PNG; pictures of a group follow each other. The same pictures give the same bytes on
 * a machine. All is borrowed for the call. EN_USAGE: more than EN_CONTACT_MOST. */
en_status en_contact_draw(const char *title, const en_contact_picture *picture, size_t count, en_buf *out,
                          en_error *err) EN_CHECKED;

#endif
