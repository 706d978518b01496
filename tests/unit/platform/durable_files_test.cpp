// SPDX-License-Identifier: MIT
#include "platform/durable_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "ntms/win32_types.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

class DurableFiles : public ::testing::Test {
 protected:
  fs::path path(const char* name) const { return directory_.path() / name; }
  static std::string text_of(const fs::path& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }
  static unsigned mode_of(const fs::path& file) {
    struct stat info {};
    EXPECT_EQ(stat(file.c_str(), &info), 0);
    return info.st_mode & 07777U;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(DurableFiles, DirectoryIsSharedWithItsGroup) {
  const mode_t before = umask(0077);
  EXPECT_TRUE(make_shared_directory(path("folder")));
  umask(before);
  EXPECT_EQ(mode_of(path("folder")), 02770U);
  std::ofstream(path("folder") / "file") << "kept";
  EXPECT_TRUE(make_shared_directory(path("folder"))) << "there already";
  EXPECT_EQ(text_of(path("folder") / "file"), "kept");
}

TEST_F(DurableFiles, DirectoryInThePlaceOfAFile) {
  std::ofstream(path("file")) << "kept";
  const auto made = make_shared_directory(path("file"));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, std::uint32_t{ERROR_DATABASE_FAILURE});
  EXPECT_FALSE(make_shared_directory(path("missing") / "folder"));
}

TEST_F(DurableFiles, FileIsCreatedOnce) {
  const mode_t before = umask(0077);
  EXPECT_TRUE(create_durably(path("file")));
  umask(before);
  EXPECT_EQ(mode_of(path("file")), 0660U);
  std::ofstream(path("file")) << "kept";
  EXPECT_TRUE(create_durably(path("file")));
  EXPECT_EQ(text_of(path("file")), "kept");
  EXPECT_FALSE(create_durably(path("missing") / "file"));
}

TEST_F(DurableFiles, SymbolicLinksAreNotFollowed) {
  fs::create_symlink(path("elsewhere"), path("link"));
  const auto created = create_durably(path("link"));
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, std::uint32_t{ERROR_ACCESS_DENIED});
  EXPECT_FALSE(fs::exists(path("elsewhere")));
}

TEST_F(DurableFiles, RenamingReplaces) {
  std::ofstream(path("new")) << "new";
  std::ofstream(path("old")) << "old";
  EXPECT_TRUE(sync_file(path("new")));
  EXPECT_TRUE(rename_durably(path("new"), path("old")));
  EXPECT_EQ(text_of(path("old")), "new");
  EXPECT_FALSE(fs::exists(path("new")));
  EXPECT_FALSE(rename_durably(path("new"), path("old"))) << "nothing is there to be renamed";
  EXPECT_EQ(text_of(path("old")), "new");
  EXPECT_FALSE(sync_file(path("new")));
}

TEST_F(DurableFiles, RemovingWhatIsNotThere) {
  std::ofstream(path("file")) << "text";
  EXPECT_TRUE(remove_durably(path("file")));
  EXPECT_FALSE(fs::exists(path("file")));
  EXPECT_TRUE(remove_durably(path("file")));
  EXPECT_FALSE(remove_durably(path("missing") / "file"));
}

}  // namespace
}  // namespace ntms::platform
