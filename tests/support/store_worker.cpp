// SPDX-License-Identifier: MIT
// A process of its own for the tests of the database.
//
//   store_worker add DIRECTORY NAME      a library with this name and a slot; ends without closing
//   the
//                                        database, so that they are in the log beside it
//   store_worker import DIRECTORY STEP   imports the database, and ends with status 77 at that step
//   store_worker lock FILE               holds an exclusive lock, says "held", and waits for the
//   end of
//                                        its standard input
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "model/objects.h"
#include "platform/file_lock.h"
#include "store/backup.h"
#include "store/database.h"

namespace {

using namespace ntms;  // NOLINT(google-build-using-namespace): one program, one file

int add(const char* directory, const char* name) {
  auto database = store::Database::open(
      directory, {.now = [] { return model::Time{1000}; }, .after_commit = {}});
  if (!database) return 1;
  const auto stored = (*database)->write([&](store::Writer& writer) -> Result<void> {
    model::Library library;
    library.name = name;
    writer.insert(library);
    model::Slot slot;
    slot.library = library.id;
    slot.state = NTMS_SLOTSTATE_FULL;
    writer.insert(slot);
    writer.set_setting("boot", "this one");
    return {};
  });
  std::_Exit(stored ? 0 : 1);
}

int import(const char* directory, int ending) {
  int step = 0;
  const auto outcome = store::import_database(directory, [&](std::string_view) {
    constexpr int kDied = 77;
    if (++step == ending) std::_Exit(kDied);
  });
  return outcome && outcome->imported ? 0 : 1;
}

int hold(const char* file) {
  auto lock = platform::FileLock::open(file);
  if (!lock || !lock->try_exclusive()) return 1;
  std::puts("held");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc > 1 ? argv[1] : "";
  if (command == "add" && argc == 4) return add(argv[2], argv[3]);
  if (command == "import" && argc == 4) return import(argv[2], std::stoi(argv[3]));
  if (command == "lock" && argc == 3) return hold(argv[2]);
  std::fprintf(stderr, "usage: store_worker add|import|lock ...\n");
  return 2;
}
