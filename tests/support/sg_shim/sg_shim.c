/* SPDX-License-Identifier: MIT */
/* Preloaded into a program (LD_PRELOAD), takes the ioctl SG_IO on certain plain files and has it
 * answered by the bridge (sg_bridge.cpp), so that a program that speaks to /dev/sgN, as Wine does,
 * speaks to an iSCSI target. Only libc is needed: it is also built as 32-bit code.
 *
 * Environment: NTMS_SG_SHIM_DEVICES names the directory of the files, NTMS_SG_SHIM_SOCKET the
 * bridge's socket. Without them nothing is taken. */
#define _GNU_SOURCE
#include <errno.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "protocol.h"

#define EXPORT __attribute__((visibility("default")))

/* The name of the device behind a descriptor; 0 when it is none of ours. */
static int device_of(int fd, char* name, size_t size) {
  const char* directory = getenv("NTMS_SG_SHIM_DEVICES");
  char link[64];
  char path[512];
  if (directory == NULL) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  const size_t prefix = strlen(directory);
  if (strncmp(path, directory, prefix) != 0 || path[prefix] != '/') return 0;
  if (strlen(path + prefix + 1) >= size) return 0;
  strcpy(name, path + prefix + 1);
  return 1;
}

static int transfer(int fd, void* bytes, size_t length, int out) {
  char* at = bytes;
  while (length > 0) {
    const ssize_t count =
        out ? send(fd, at, length, MSG_NOSIGNAL) : recv(fd, at, length, MSG_WAITALL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return 0;
    at += count;
    length -= (size_t)count;
  }
  return 1;
}

/* Throws away what the caller has no room for. */
static int skip(int fd, size_t length) {
  char waste[256];
  while (length > 0) {
    const size_t part = length < sizeof waste ? length : sizeof waste;
    if (!transfer(fd, waste, part, 0)) return 0;
    length -= part;
  }
  return 1;
}

static int connect_bridge(void) {
  const char* path = getenv("NTMS_SG_SHIM_SOCKET");
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (path == NULL || strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (struct sockaddr*)&address, sizeof address) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static int receive_answer(int fd, sg_io_hdr_t* header) {
  struct sg_shim_answer answer;
  if (!transfer(fd, &answer, sizeof answer, 0)) return ENODEV;
  if (answer.error != 0) return (int)answer.error;
  const size_t sense =
      answer.sense_length < header->mx_sb_len ? answer.sense_length : header->mx_sb_len;
  const size_t data =
      answer.data_length < header->dxfer_len ? answer.data_length : header->dxfer_len;
  if (!transfer(fd, header->sbp, sense, 0) || !skip(fd, answer.sense_length - sense) ||
      !transfer(fd, header->dxferp, data, 0) || !skip(fd, answer.data_length - data)) {
    return ENODEV;
  }
  header->status = (unsigned char)answer.status;
  header->masked_status = (unsigned char)((answer.status >> 1) & 0x1F);
  header->msg_status = 0;
  header->host_status = 0;
  header->driver_status = 0;
  header->sb_len_wr = (unsigned char)sense;
  header->resid =
      header->dxfer_direction == SG_DXFER_FROM_DEV ? (int)(header->dxfer_len - data) : 0;
  header->duration = 0;
  header->info = answer.status != 0 ? SG_INFO_CHECK : SG_INFO_OK;
  return 0;
}

static int carry_out(const char* device, sg_io_hdr_t* header) {
  struct sg_shim_request request;
  if (header->interface_id != 'S' || header->iovec_count != 0) return EINVAL;
  if (header->cmd_len > sizeof request.cdb) return EMSGSIZE;
  memset(&request, 0, sizeof request);
  strncpy(request.device, device, sizeof request.device - 1);
  memcpy(request.cdb, header->cmdp, header->cmd_len);
  request.cdb_length = header->cmd_len;
  request.length = header->dxfer_len;
  request.timeout_ms = header->timeout;
  request.direction = header->dxfer_len == 0                         ? SG_SHIM_NONE
                      : header->dxfer_direction == SG_DXFER_TO_DEV   ? SG_SHIM_WRITE
                      : header->dxfer_direction == SG_DXFER_FROM_DEV ? SG_SHIM_READ
                                                                     : SG_SHIM_NONE;
  const int fd = connect_bridge();
  if (fd < 0) return ENODEV;
  int error = ENODEV;
  if (transfer(fd, &request, sizeof request, 1) &&
      (request.direction != SG_SHIM_WRITE || transfer(fd, header->dxferp, header->dxfer_len, 1))) {
    error = receive_answer(fd, header);
  }
  close(fd);
  return error;
}

static int take_ioctl(int fd, unsigned long request, void* argument) {
  char device[32];
  if (request == SG_IO && argument != NULL && device_of(fd, device, sizeof device)) {
    const int error = carry_out(device, argument);
    if (error == 0) return 0;
    errno = error;
    return -1;
  }
  return (int)syscall(SYS_ioctl, fd, request, argument);
}

EXPORT int ioctl(int fd, unsigned long request, void* argument) {
  return take_ioctl(fd, request, argument);
}

#ifndef __LP64__
/* What programs with 64-bit times call instead. */
EXPORT int __ioctl_time64(int fd, unsigned long request, void* argument) {
  return take_ioctl(fd, request, argument);
}
#endif
