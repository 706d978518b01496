// SPDX-License-Identifier: MIT
// The data directory and the identities of callers.
#include "platform/files.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "ntms/win32_types.h"
#include "platform/identity.h"
#include "platform/posix/network_file_system.h"
#include "unit/platform/child_process.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::ScopedEnvironment;
using test::TemporaryDirectory;
using test::Turn;

constexpr uid_t kNobody = 65534;

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

std::uint32_t code_of(const Result<void>& result) {
  return result ? ERROR_SUCCESS : result.error().code;
}

// Becomes nobody with `group` as the only group; false when the process may not.
bool become_nobody(gid_t group) {
  return setgroups(0, nullptr) == 0 && setgid(group) == 0 && setuid(kNobody) == 0;
}

// Runs `check` as nobody in another process when this one is root, else right here.
bool holds_without_privileges(gid_t group, const std::function<bool()>& check) {
  if (geteuid() != 0) {
    std::cout << "not root: checked as the current user\n";
    return check();
  }
  ChildProcess child([&](Turn&) { return become_nobody(group) && check() ? 0 : 1; });
  return child.wait() == 0;
}

TEST(PrepareDataDirectory, RefusesWhatIsNotADirectory) {
  const TemporaryDirectory temporary;
  const fs::path file = temporary.path() / "file";
  std::ofstream(file) << "x";
  EXPECT_EQ(code_of(prepare_data_directory(file)), ERROR_DATABASE_FAILURE);
  EXPECT_EQ(code_of(prepare_data_directory(file / "below")), ERROR_DATABASE_FAILURE);
  fs::create_symlink(temporary.path() / "nowhere", temporary.path() / "dangling");
  EXPECT_FALSE(prepare_data_directory(temporary.path() / "dangling"));
  EXPECT_EQ(code_of(prepare_data_directory("relative")), ERROR_INVALID_PARAMETER);
  EXPECT_FALSE(fs::exists("relative"));
}

TEST(PrepareDataDirectory, RefusesWithoutPermission) {
  const TemporaryDirectory temporary;
  chmod(temporary.path().c_str(), 0755);
  const fs::path closed = temporary.path() / "closed";
  const fs::path read_only = temporary.path() / "read-only";
  fs::create_directories(closed / "below");
  fs::create_directory(read_only);
  chmod((closed / "below").c_str(), 0777);
  chmod(closed.c_str(), geteuid() == 0 ? 0700 : 0);
  chmod(read_only.c_str(), 0555);
  EXPECT_TRUE(holds_without_privileges(kNobody, [&] {
    return code_of(prepare_data_directory(closed)) == ERROR_ACCESS_DENIED &&
           code_of(prepare_data_directory(closed / "below")) == ERROR_ACCESS_DENIED &&
           code_of(prepare_data_directory(read_only)) == ERROR_ACCESS_DENIED &&
           code_of(prepare_data_directory(read_only / "new" / "one")) == ERROR_ACCESS_DENIED;
  }));
  EXPECT_FALSE(fs::exists(read_only / "new"));
  chmod(closed.c_str(), 0700);
}

TEST(PrepareDataDirectory, EffectiveNotRealUserCounts) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root to change the effective user only";
  const TemporaryDirectory temporary;  // mode 0700, owned by root
  ChildProcess child([&](Turn&) {
    return setegid(kNobody) == 0 && seteuid(kNobody) == 0 &&
                   code_of(prepare_data_directory(temporary.path())) == ERROR_ACCESS_DENIED
               ? 0
               : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(PrepareDataDirectory, NetworkFileSystemsAreKnown) {
  EXPECT_STREQ(network_file_system(0x6969), "NFS");
  EXPECT_STREQ(network_file_system(0xFF534D42), "CIFS");
  EXPECT_STREQ(network_file_system(0xFE534D42), "SMB");
  EXPECT_STREQ(network_file_system(0x517B), "SMB");
  EXPECT_STREQ(network_file_system(0x5346414F), "AFS");
  EXPECT_EQ(network_file_system(0xEF53), nullptr);      // ext4
  EXPECT_EQ(network_file_system(0x01021994), nullptr);  // tmpfs
}

TEST(PrepareDataDirectory, CreatesWithTheDocumentedModes) {
  const TemporaryDirectory temporary;
  const fs::path wanted = temporary.path() / "a" / "b" / "data";
  const mode_t before = umask(0077);
  const auto created = prepare_data_directory(wanted.string() + "/");
  umask(before);
  ASSERT_TRUE(created) << created.error().reason;
  EXPECT_EQ(mode_of(wanted), 02770u);
  EXPECT_EQ(mode_of(wanted.parent_path()), 0700u);
  umask(0);
  EXPECT_TRUE(prepare_data_directory(temporary.path() / "c" / "data"));
  umask(before);
  EXPECT_EQ(mode_of(temporary.path() / "c" / "data"), 02770u);
  EXPECT_EQ(mode_of(temporary.path() / "c"), 0755u);
}

TEST(PrepareDataDirectory, UsesAnExistingOneAsItIs) {
  const TemporaryDirectory temporary;
  chmod(temporary.path().c_str(), 0750);
  EXPECT_TRUE(prepare_data_directory(temporary.path()));
  EXPECT_EQ(mode_of(temporary.path()), 0750u);
  fs::create_directory(temporary.path() / "real");
  fs::create_symlink("real", temporary.path() / "link");
  EXPECT_TRUE(prepare_data_directory(temporary.path() / "link"));
}

TEST(DataDirectory, ComesFromTheEnvironment) {
  {
    const ScopedEnvironment unset("NTMS_DATA", nullptr);
    EXPECT_EQ(*data_directory(), "/var/lib/ntms");
  }
  {
    const ScopedEnvironment empty("NTMS_DATA", "");
    EXPECT_EQ(*data_directory(), "/var/lib/ntms");
  }
  {
    const ScopedEnvironment set("NTMS_DATA", "/somewhere/else/./");
    EXPECT_EQ(*data_directory(), "/somewhere/else");
  }
  const ScopedEnvironment relative("NTMS_DATA", "data");
  EXPECT_EQ(*data_directory(), fs::current_path() / "data");
}

TEST(DataDirectory, RelativeWithoutACurrentDirectoryIsAnError) {
  ChildProcess child([](Turn&) {
    auto gone = std::make_unique<TemporaryDirectory>();
    if (chdir(gone->path().c_str()) != 0) return 2;
    gone.reset();
    setenv("NTMS_DATA", "data", 1);
    const auto directory = data_directory();
    return !directory && directory.error().code == ERROR_DATABASE_FAILURE ? 0 : 1;
  });
  EXPECT_EQ(child.wait(), 0);
}

TEST(OwnLibraryPath, IsTheProgramThisTestIsLinkedInto) {
  EXPECT_TRUE(own_library_path().is_absolute());
  EXPECT_TRUE(same_file(own_library_path(), "/proc/self/exe"));
}

TEST(SameFile, FollowsLinksAndNeedsBoth) {
  const TemporaryDirectory temporary;
  const fs::path one = temporary.path() / "one";
  const fs::path two = temporary.path() / "two";
  EXPECT_FALSE(same_file(one, one));
  std::ofstream(one) << "x";
  EXPECT_FALSE(same_file(one, two));
  std::ofstream(two) << "x";
  EXPECT_FALSE(same_file(one, two));
  fs::create_symlink("one", temporary.path() / "link");
  EXPECT_TRUE(same_file(one, temporary.path() / "link"));
}

bool has(const Identity& identity, const Sid& sid) {
  return std::find(identity.sids.begin(), identity.sids.end(), sid) != identity.sids.end();
}

bool is_user(const Identity& identity) {
  return !identity.is_administrator && !identity.may_audit && !identity.may_take_ownership &&
         has(identity, everyone()) && has(identity, authenticated_users()) &&
         !has(identity, administrators()) && !has(identity, backup_operators());
}

bool is_operator(const Identity& identity) {
  return !identity.is_administrator && has(identity, backup_operators());
}

TEST(Identity, StrangersAndMissingDirectories) {
  EXPECT_TRUE(holds_without_privileges(kNobody, [] {
    return is_user(caller_identity("/nonexistent/directory")) && is_user(caller_identity("/"));
  }));
}

TEST(Identity, UsersAndGroupsAreSids) {
  EXPECT_TRUE(holds_without_privileges(kNobody, [] {
    const Identity identity = caller_identity("/");
    return identity.user == posix_user(kNobody) && identity.group == posix_group(kNobody) &&
           has(identity, identity.user) && has(identity, identity.group);
  }));
}

TEST(Identity, RootOwnerAndGroup) {
  const TemporaryDirectory temporary;
  chmod(temporary.path().c_str(), 0755);
  const Identity owner = caller_identity(temporary.path());
  EXPECT_TRUE(owner.is_administrator);
  EXPECT_TRUE(has(owner, administrators()));
  EXPECT_EQ(owner.may_audit, geteuid() == 0);
  if (geteuid() != 0) GTEST_SKIP() << "the owner was checked; groups need root";

  constexpr gid_t kGroup = 4711;
  ASSERT_EQ(chown(temporary.path().c_str(), 0, kGroup), 0);
  EXPECT_TRUE(holds_without_privileges(kNobody,
                                       [&] { return is_user(caller_identity(temporary.path())); }));
  EXPECT_TRUE(holds_without_privileges(
      kGroup, [&] { return is_operator(caller_identity(temporary.path())); }));
  ChildProcess supplementary([&](Turn&) {
    if (setgroups(1, &kGroup) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0) return 1;
    const Identity identity = caller_identity(temporary.path());
    return is_operator(identity) && has(identity, posix_group(kGroup)) ? 0 : 1;
  });
  EXPECT_EQ(supplementary.wait(), 0);
  ASSERT_EQ(chown(temporary.path().c_str(), kNobody, kGroup), 0);
  EXPECT_TRUE(holds_without_privileges(kNobody, [&] {
    const Identity identity = caller_identity(temporary.path());
    return identity.is_administrator && !identity.may_audit && !identity.may_take_ownership;
  }));
}

TEST(Identity, TheKeyChangesWithTheUserAndTheGroups) {
  EXPECT_EQ(caller_key(), caller_key());
  const IdentityKey key = caller_key();
  if (geteuid() != 0) GTEST_SKIP() << "needs root to become another user";
  EXPECT_TRUE(holds_without_privileges(kNobody, [&] { return caller_key() != key; }));
  ChildProcess grouped([&](Turn&) {
    constexpr gid_t kGroup = 4711;
    return setgroups(1, &kGroup) == 0 && caller_key() != key ? 0 : 1;
  });
  EXPECT_EQ(grouped.wait(), 0);
}

}  // namespace
}  // namespace ntms::platform
