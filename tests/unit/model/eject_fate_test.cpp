// SPDX-License-Identifier: MIT
#include "model/eject_fate.h"

#include <gtest/gtest.h>

#include <vector>

namespace ntms::model {
namespace {

constexpr std::uint32_t kKeepImport = NTMS_POOLPOLICY_KEEPOFFLINEIMPORT;
constexpr std::uint32_t kPurgeFree = NTMS_POOLPOLICY_PURGEOFFLINESCRATCH;

std::vector<Side> sides(std::uint32_t state) {
  Side side;
  side.state = state;
  return {side, side};
}

Fate fate(std::uint32_t pool, std::uint32_t policy, bool cleaner = false,
          std::uint32_t state = NTMS_PARTSTATE_AVAILABLE) {
  return fate_after_eject(pool, cleaner, sides(state), policy);
}

TEST(EjectFate, CleanersAreForgotten) {
  EXPECT_EQ(fate(NTMS_POOLTYPE_APPLICATION, kKeepImport, true), Fate::deleted);
}

TEST(EjectFate, ImportMediaAreForgottenUnlessKept) {
  EXPECT_EQ(fate(NTMS_POOLTYPE_IMPORT, 0), Fate::deleted);
  EXPECT_EQ(fate(NTMS_POOLTYPE_IMPORT, kPurgeFree), Fate::deleted);
  EXPECT_EQ(fate(NTMS_POOLTYPE_IMPORT, kKeepImport), Fate::offline);
}

TEST(EjectFate, UnrecognizedMediaAreForgotten) {
  EXPECT_EQ(fate(NTMS_POOLTYPE_FOREIGN, kKeepImport), Fate::deleted);
}

TEST(EjectFate, AnIncompatibleSideMeansDeletionWhateverThePool) {
  for (const std::uint32_t pool :
       {NTMS_POOLTYPE_SCRATCH, NTMS_POOLTYPE_IMPORT, NTMS_POOLTYPE_APPLICATION}) {
    EXPECT_EQ(fate(pool, kKeepImport, false, NTMS_PARTSTATE_INCOMPATIBLE), Fate::deleted);
  }
}

TEST(EjectFate, FreeMediaAreKeptUnlessPurged) {
  EXPECT_EQ(fate(NTMS_POOLTYPE_SCRATCH, 0), Fate::offline);
  EXPECT_EQ(fate(NTMS_POOLTYPE_SCRATCH, kKeepImport), Fate::offline);
  EXPECT_EQ(fate(NTMS_POOLTYPE_SCRATCH, kPurgeFree), Fate::deleted);
}

TEST(EjectFate, ApplicationMediaAreKeptInEveryState) {
  for (std::uint32_t state = NTMS_PARTSTATE_UNKNOWN; state <= NTMS_PARTSTATE_RESERVED; ++state) {
    if (state == NTMS_PARTSTATE_INCOMPATIBLE) continue;
    EXPECT_EQ(fate(NTMS_POOLTYPE_APPLICATION, kPurgeFree, false, state), Fate::offline) << state;
  }
}

}  // namespace
}  // namespace ntms::model
