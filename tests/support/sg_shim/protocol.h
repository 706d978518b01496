/* SPDX-License-Identifier: MIT */
/* What the shim in a program and the bridge say to each other over a Unix socket: one connection
 * for each command, one request, one answer. Fixed widths and no padding, because the shim may be
 * 32-bit code; the byte order is the machine's. C11 and C++. */
#ifndef NTMS_TESTS_SG_SHIM_PROTOCOL_H
#define NTMS_TESTS_SG_SHIM_PROTOCOL_H

#include <stdint.h>

enum { SG_SHIM_NONE = 0, SG_SHIM_READ = 1, SG_SHIM_WRITE = 2 };

/* Followed by `length` bytes of data when the direction is SG_SHIM_WRITE. */
struct sg_shim_request {
  char device[32]; /* the file's name, padded with zeroes */
  uint8_t cdb[16];
  uint32_t cdb_length;
  uint32_t direction;
  uint32_t length;     /* bytes of the data buffer */
  uint32_t timeout_ms; /* 0: none was set */
};

/* Followed by `sense_length` and then `data_length` bytes. */
struct sg_shim_answer {
  uint32_t error; /* errno; 0: `status` came back from the device */
  uint32_t status;
  uint32_t sense_length;
  uint32_t data_length;
};

#endif
