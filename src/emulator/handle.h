// SPDX-License-Identifier: MIT
// What an ntms_emulator handle is, and how the functions of emulator.h use it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "emulator/device.h"
#include "emulator/elements.h"
#include "emulator/library_file.h"
#include "emulator/motion.h"
#include "ntms/emulator.h"

struct ntms_emulator {
  std::string path;
  std::mutex mutex;  // of everything below
  std::unique_ptr<ntms::emulator::LibraryFile> file;
  // One device per initiator and LUN that ntms_emulator_execute has used.
  std::map<std::pair<std::string, unsigned>, std::shared_ptr<ntms::emulator::Device>> devices;
};

namespace ntms::emulator {

// What a function of the API sees of the file, inside a transaction.
struct View {
  LibraryFile& file;
  std::int64_t now;
  std::optional<Motion> moving;
};

// Runs `body` in a transaction, commits if it returns NTMS_EMULATOR_OK, and turns every exception
// into a code. A null handle is NTMS_EMULATOR_INVALID.
int guarded(ntms_emulator* emulator, const std::function<int(View&)>& body);

// Like guarded, for a body that only reads: it does not keep anybody from writing, unless a motion
// has just ended and must be settled first.
int looking(ntms_emulator* emulator, const std::function<int(View&)>& body);

// The NTMS_EMULATOR_* code for a Win32 error of the emulator.
int code_of(const Error& error);

inline std::string text_of(const char* text) {
  return text != nullptr ? text : "";
}

}  // namespace ntms::emulator
