// SPDX-License-Identifier: MIT
#include "security_attributes.h"

namespace ntms::abi {

Result<security::StoredDescriptor> copy_descriptor(const void* descriptor) {
  const auto parts = security::parse_callers(descriptor);
  if (!parts) return parts.error();
  return security::build(*parts);
}

Result<std::optional<security::StoredDescriptor>> copy_security_attributes(
    const SECURITY_ATTRIBUTES* attributes) {
  using Given = std::optional<security::StoredDescriptor>;
  if (attributes == nullptr) return Given();
  if (attributes->nLength != sizeof(SECURITY_ATTRIBUTES)) {
    return fail(ERROR_INVALID_PARAMETER, "the security attributes have another size");
  }
  if (attributes->lpSecurityDescriptor == nullptr) return Given();
  auto copy = copy_descriptor(attributes->lpSecurityDescriptor);
  if (!copy) return copy.error();
  return Given(*std::move(copy));
}

}  // namespace ntms::abi
