// SPDX-License-Identifier: MIT
#include "rsm/service.h"

#include "ntms/win32_types.h"

namespace ntms::rsm {
namespace {

Outcome only_on_windows() {
  return {ERROR_NOT_SUPPORTED,
          "Services of this kind exist on Windows only; let the service manager of this system run "
          "\"rsm host\"."};
}

}  // namespace

Outcome run_as_service(const ServiceBody& /*body*/) {
  return only_on_windows();
}
Outcome install_service(std::ostream& /*out*/) {
  return only_on_windows();
}
Outcome remove_service(std::ostream& /*out*/) {
  return only_on_windows();
}

}  // namespace ntms::rsm
