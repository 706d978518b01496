// SPDX-License-Identifier: MIT
// The parts of files.h that the standard library answers.
#include "platform/files.h"

namespace ntms::platform {

std::string path_text(const std::filesystem::path& path) {
  const std::u8string text = path.u8string();
  return std::string(text.begin(), text.end());
}

}  // namespace ntms::platform
