// SPDX-License-Identifier: MIT
#include "platform/posix/errno_error.h"

#include <cerrno>
#include <system_error>

namespace ntms::platform {
namespace {

std::uint32_t win32_code(int error, std::uint32_t otherwise) {
  switch (error) {
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      return ERROR_ACCESS_DENIED;
    case ENOMEM:
    case ENOBUFS:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
      return ERROR_NOT_ENOUGH_MEMORY;
    case ENOSPC:
    case EDQUOT:
      return ERROR_DATABASE_FULL;
    default:
      return otherwise;
  }
}

}  // namespace

Error errno_error(int error, const std::string& what, std::uint32_t otherwise) {
  return fail(win32_code(error, otherwise), what + ": " + std::generic_category().message(error));
}

}  // namespace ntms::platform
