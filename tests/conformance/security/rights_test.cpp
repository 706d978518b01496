// SPDX-License-Identifier: MIT
// The right that each function needs (contract: security 6), and the free-pool refinements.
#include "conformance/security/rights_fixture.h"

#ifndef _WIN32

namespace ntms::conformance {
namespace {

class FunctionRights;
using Call = std::function<DWORD()>;

// One row: makes what the call is about, as an administrator, and returns the call.
struct Row {
  const char* name;
  std::vector<Need> needs;
  std::function<Call(FunctionRights&)> make;
  DWORD expected = ERROR_SUCCESS;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

class FunctionRights : public RightsTest, public ::testing::WithParamInterface<Row> {
 public:
  HANDLE handle() const { return session(); }
  Id lib() const { return library(); }
  Id empty_slot() { return slot(5).ObjectGuid; }
  void open_files() const { open_to_everybody(); }
  Id pool(Guard guard) { return id_of(guard); }
  Id type() const { return media_type(); }
  Id cartridge(unsigned index) const { return medium(index); }
  Id first_side(unsigned index) { return side(index); }
  void put(unsigned index, Guard guard, DWORD state) { place(index, id_of(guard), state); }
  void remove_from_library(unsigned index) { take_offline(index); }
  void second_sides() { give_second_sides(); }
  void policy(Guard guard, DWORD allocation, DWORD deallocation) {
    set_policy(id_of(guard), allocation, deallocation);
  }
  // A logical medium of the pool App, on a cartridge of its own.
  Id logical(unsigned index) {
    put(index, Guard::app, NTMS_PARTSTATE_AVAILABLE);
    return allocated_side(app(), side(index));
  }
  Id held_eject(unsigned index) {
    EXPECT_EQ(rsm().eject(medium(index), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
    return unfinished_request_of(medium(index));
  }
  Id message() {
    Id id;
    EXPECT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr,
                                         nullptr, id.get()),
              ERROR_SUCCESS);
    return id;
  }
};

TEST_P(FunctionRights, AreNeededAndEnough) {
  prepare();
  if (IsSkipped()) return;
  ASSERT_FALSE(HasFatalFailure());
  const Call call = GetParam().make(*this);
  ASSERT_FALSE(HasFailure());
  expect_needs(GetParam().needs, call, GetParam().expected);
}

std::string name_of(const ::testing::TestParamInfo<Row>& info) {
  return info.param.name;
}

Row library_row(const char* name, DWORD right, DWORD expected,
                const std::function<DWORD(FunctionRights&)>& call) {
  return {name,
          {{Guard::library, right}},
          [call](FunctionRights& test) -> Call { return [&test, call] { return call(test); }; },
          expected};
}
Row computer_row(const char* name, DWORD right, DWORD expected,
                 const std::function<DWORD(FunctionRights&)>& call) {
  Row row = library_row(name, right, expected, call);
  row.needs = {{Guard::computer, right}};
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    Library, FunctionRights,
    ::testing::Values(
        library_row("AccessNtmsLibraryDoor", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return AccessNtmsLibraryDoor(test.handle(), test.lib().get(),
                                                   NTMS_INVENTORY_FAST);
                    }),
        library_row("AddNtmsMediaType", kM, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return AddNtmsMediaType(test.handle(), test.type().get(), test.lib().get());
                    }),
        library_row("DeleteNtmsMediaType", kM, ERROR_NOT_EMPTY,
                    [](FunctionRights& test) {
                      return DeleteNtmsMediaType(test.handle(), test.type().get(),
                                                 test.lib().get());
                    }),
        Row{"CancelNtmsLibraryRequest",
            {{Guard::library, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.held_eject(0)] {
                return CancelNtmsLibraryRequest(test.handle(), id.get());
              };
            }},
        library_row("DeleteNtmsDrive", kM, ERROR_INVALID_STATE,
                    [](FunctionRights& test) {
                      return DeleteNtmsDrive(test.handle(), test.drive_id().get());
                    }),
        library_row("DeleteNtmsLibrary", kM, ERROR_INVALID_STATE,
                    [](FunctionRights& test) {
                      return DeleteNtmsLibrary(test.handle(), test.lib().get());
                    }),
        library_row("DisableNtmsObject", kM, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return DisableNtmsObject(test.handle(), NTMS_PHYSICAL_MEDIA,
                                               test.cartridge(0).get());
                    }),
        library_row("EnableNtmsObject", kM, ERROR_INVALID_STATE,
                    [](FunctionRights& test) {
                      return EnableNtmsObject(test.handle(), NTMS_LIBRARY, test.lib().get());
                    }),
        library_row("DismountNtmsDrive", kM, ERROR_INVALID_STATE,
                    [](FunctionRights& test) {
                      return DismountNtmsDrive(test.handle(), test.drive_id().get());
                    }),
        library_row("EjectNtmsCleaner", kC, ERROR_CLEANER_SLOT_NOT_SET,
                    [](FunctionRights& test) {
                      Id operation;
                      return EjectNtmsCleaner(test.handle(), test.lib().get(), operation.get(),
                                              NTMS_EJECT_START);
                    }),
        library_row("InjectNtmsCleaner", kC, ERROR_CLEANER_SLOT_NOT_SET,
                    [](FunctionRights& test) {
                      Id operation;
                      return InjectNtmsCleaner(test.handle(), test.lib().get(), operation.get(), 1,
                                               NTMS_INJECT_START);
                    }),
        library_row("ReleaseNtmsCleanerSlot", kC, ERROR_CLEANER_SLOT_NOT_SET,
                    [](FunctionRights& test) {
                      return ReleaseNtmsCleanerSlot(test.handle(), test.lib().get());
                    }),
        library_row("ReserveNtmsCleanerSlot", kC, ERROR_OBJECT_NOT_FOUND,
                    [](FunctionRights& test) {
                      return ReserveNtmsCleanerSlot(test.handle(), test.lib().get(),
                                                    stranger().get());
                    }),
        library_row("EjectNtmsMedia", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      Id operation;
                      return EjectNtmsMedia(test.handle(), test.cartridge(0).get(), operation.get(),
                                            NTMS_EJECT_START);
                    }),
        library_row("InjectNtmsMedia", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      Id operation;
                      return InjectNtmsMedia(test.handle(), test.lib().get(), operation.get(),
                                             NTMS_INJECT_START);
                    }),
        library_row("InventoryNtmsLibrary", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return InventoryNtmsLibrary(test.handle(), test.lib().get(),
                                                  NTMS_INVENTORY_FAST);
                    }),
        library_row("CleanNtmsDrive", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return CleanNtmsDrive(test.handle(), test.drive_id().get());
                    }),
        Row{"IdentifyNtmsSlot",
            {{Guard::library, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, slot = test.empty_slot()] {
                return IdentifyNtmsSlot(test.handle(), slot.get(), 0);
              };
            }},
        Row{"UpdateNtmsOmidInfo",
            {{Guard::library, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.logical(0)] {
                unsigned char label[8] = {1, 2, 3};
                return UpdateNtmsOmidInfo(test.handle(), id.get(), NTMS_OMID_TYPE_RAW_LABEL, 8,
                                          label);
              };
            },
            ERROR_BAD_FORMAT},
        library_row("GetNtmsUIOptionsOfALibrary", kU, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      WCHAR names[8];
                      DWORD size = 8;
                      return GetNtmsUIOptionsW(test.handle(), test.lib().get(), NTMS_UITYPE_REQ,
                                               names, &size);
                    }),
        library_row("SetNtmsUIOptionsOfALibrary", kU | kM, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      return SetNtmsUIOptionsA(test.handle(), test.lib().get(), NTMS_UITYPE_REQ,
                                               NTMS_UIDEST_ADD, "desk");
                    }),
        library_row("SubmitNtmsOperatorRequestCleaner", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      Id id;
                      return SubmitNtmsOperatorRequestW(test.handle(), NTMS_OPREQ_CLEANER, nullptr,
                                                        test.lib().get(), nullptr, id.get());
                    }),
        library_row("SubmitNtmsOperatorRequestDeviceService", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      Id id;
                      return SubmitNtmsOperatorRequestW(test.handle(), NTMS_OPREQ_DEVICESERVICE,
                                                        nullptr, test.drive_id().get(), nullptr,
                                                        id.get());
                    }),
        library_row("SubmitNtmsOperatorRequestServiceOfAMedium", kC, ERROR_SUCCESS,
                    [](FunctionRights& test) {
                      Id id;
                      return SubmitNtmsOperatorRequestW(test.handle(), NTMS_OPREQ_DEVICESERVICE,
                                                        nullptr, test.cartridge(0).get(), nullptr,
                                                        id.get());
                    })),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Computer, FunctionRights,
    ::testing::Values(
        Row{"CancelNtmsOperatorRequest",
            {{Guard::computer, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.message()] {
                return CancelNtmsOperatorRequest(test.handle(), id.get());
              };
            }},
        Row{"SatisfyNtmsOperatorRequest",
            {{Guard::computer, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.message()] {
                return SatisfyNtmsOperatorRequest(test.handle(), id.get());
              };
            }},
        computer_row("DeleteNtmsRequests", kM, ERROR_SUCCESS,
                     [](FunctionRights& test) {
                       return DeleteNtmsRequests(test.handle(), stranger().get(), NTMS_LIBREQUEST,
                                                 1);
                     }),
        computer_row("ExportNtmsDatabase", kC, ERROR_SUCCESS,
                     [](FunctionRights& test) { return ExportNtmsDatabase(test.handle()); }),
        Row{"ImportNtmsDatabase",
            {{Guard::computer, kC}},
            [](FunctionRights& test) -> Call {
              EXPECT_EQ(ExportNtmsDatabase(test.handle()), ERROR_SUCCESS);
              test.open_files();
              return [&test] { return ImportNtmsDatabase(test.handle()); };
            }},
        Row{"GetNtmsRequestOrder",
            {{Guard::computer, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.held_eject(0)] {
                DWORD place = 0;
                return GetNtmsRequestOrder(test.handle(), id.get(), &place);
              };
            }},
        Row{"SetNtmsRequestOrder",
            {{Guard::computer, kC}},
            [](FunctionRights& test) -> Call {
              return [&test, id = test.held_eject(0)] {
                return SetNtmsRequestOrder(test.handle(), id.get(), 1);
              };
            }},
        computer_row("GetNtmsUIOptions", kU, ERROR_SUCCESS,
                     [](FunctionRights& test) {
                       WCHAR names[8];
                       DWORD size = 8;
                       return GetNtmsUIOptionsW(test.handle(), test.pool(Guard::computer).get(),
                                                NTMS_UITYPE_REQ, names, &size);
                     }),
        computer_row("SetNtmsUIOptions", kU | kM, ERROR_SUCCESS,
                     [](FunctionRights& test) {
                       return SetNtmsUIOptionsA(test.handle(), test.pool(Guard::computer).get(),
                                                NTMS_UITYPE_REQ, NTMS_UIDEST_ADD, "desk");
                     }),
        computer_row("OpenNtmsNotification", kU, ERROR_SUCCESS,
                     [](FunctionRights& test) -> DWORD {
                       HANDLE channel = OpenNtmsNotification(test.handle(), NTMS_DRIVE);
                       const DWORD code = GetLastError();
                       if (channel == INVALID_HANDLE_VALUE) return code;
                       return CloseNtmsNotification(channel);
                     }),
        computer_row("OpenNtmsSession", kU, ERROR_SUCCESS,
                     [](FunctionRights&) -> DWORD {
                       HANDLE session = OpenNtmsSessionW(nullptr, NTMS_W("user"), 0);
                       const DWORD code = GetLastError();
                       if (session == INVALID_HANDLE_VALUE) return code;
                       return CloseNtmsSession(session);
                     }),
        computer_row("SubmitNtmsOperatorRequestMessage", kU, ERROR_SUCCESS,
                     [](FunctionRights& test) {
                       Id id;
                       return SubmitNtmsOperatorRequestW(test.handle(), NTMS_OPREQ_MESSAGE,
                                                         NTMS_W("text"), nullptr, nullptr,
                                                         id.get());
                     })),
    name_of);

Call allocation(FunctionRights& test, const Id* side, DWORD options = 0) {
  return [&test, named = side != nullptr ? *side : Id{}, given = side != nullptr, options] {
    Id logical;
    return AllocateNtmsMedia(test.handle(), test.pool(Guard::app).get(),
                             given ? named.get() : nullptr, logical.get(), options, 0, nullptr);
  };
}

Call move_to(FunctionRights& test, unsigned index, Guard target) {
  return [&test, medium = test.cartridge(index), target] {
    return MoveToNtmsMediaPool(test.handle(), medium.get(), test.pool(target).get());
  };
}

Call create_pool(FunctionRights& test, const WideString& path, DWORD action) {
  return [&test, path, action] {
    Id id;
    return CreateNtmsMediaPoolW(test.handle(), path.c_str(), nullptr, action, nullptr, id.get());
  };
}

Call submit(FunctionRights& test, DWORD kind, const Id& first, const Id& second) {
  return [&test, kind, first, second] {
    Id id;
    return SubmitNtmsOperatorRequestW(test.handle(), kind, nullptr, first.get(),
                                      second.is_null() ? nullptr : second.get(), id.get());
  };
}

INSTANTIATE_TEST_SUITE_P(
    Pool, FunctionRights,
    ::testing::Values(Row{"AllocateNtmsMedia",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return allocation(test, nullptr);
                          }},
                      Row{"AllocateNtmsMediaFromFree",
                          {{Guard::app, kC}, {Guard::free, kU}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::free, NTMS_PARTSTATE_AVAILABLE);
                            test.policy(Guard::app, NTMS_ALLOCATE_FROMSCRATCH, 0);
                            return allocation(test, nullptr);
                          }},
                      Row{"AllocateNtmsMediaNamedInFree",
                          {{Guard::app, kC}, {Guard::free, kU}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::free, NTMS_PARTSTATE_AVAILABLE);
                            const Id side = test.first_side(0);
                            return allocation(test, &side);
                          }},
                      Row{"AllocateNtmsMediaFromImport",
                          {{Guard::app, kC}, {Guard::import, kC}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::import, NTMS_PARTSTATE_IMPORT);
                            const Id side = test.first_side(0);
                            return allocation(test, &side);
                          }},
                      Row{"AllocateNtmsMediaNext",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) -> Call {
                            test.second_sides();
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            Id logical = test.logical(0);
                            return [&test, logical] {
                              Id next = logical;
                              return AllocateNtmsMedia(test.handle(), test.pool(Guard::app).get(),
                                                       nullptr, next.get(), NTMS_ALLOCATE_NEXT, 0,
                                                       nullptr);
                            };
                          }},
                      Row{"DeallocateNtmsMedia",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) -> Call {
                            return [&test, id = test.logical(0)] {
                              return DeallocateNtmsMedia(test.handle(), id.get(), 0);
                            };
                          }},
                      Row{"DeallocateNtmsMediaToFree",
                          {{Guard::app, kC}, {Guard::free, kU}},
                          [](FunctionRights& test) -> Call {
                            test.policy(Guard::app, 0, NTMS_DEALLOCATE_TOSCRATCH);
                            return [&test, id = test.logical(0)] {
                              return DeallocateNtmsMedia(test.handle(), id.get(), 0);
                            };
                          }},
                      Row{"DecommissionNtmsMedia",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return [&test, id = test.first_side(0)] {
                              return DecommissionNtmsMedia(test.handle(), id.get());
                            };
                          }},
                      Row{"SetNtmsMediaComplete",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) -> Call {
                            return [&test, id = test.logical(0)] {
                              return SetNtmsMediaComplete(test.handle(), id.get());
                            };
                          }},
                      Row{"SwapNtmsMedia",
                          {{Guard::app, kM}},
                          [](FunctionRights& test) -> Call {
                            return [&test, a = test.logical(0), b = test.logical(1)] {
                              return SwapNtmsMedia(test.handle(), a.get(), b.get());
                            };
                          }},
                      Row{"SwapNtmsMediaOfTwoPools",
                          {{Guard::app, kM}, {Guard::other, kM}},
                          [](FunctionRights& test) -> Call {
                            const Id a = test.logical(0);
                            const Id b = test.logical(1);
                            test.put(1, Guard::other, NTMS_PARTSTATE_ALLOCATED);
                            return [&test, a, b] {
                              return SwapNtmsMedia(test.handle(), a.get(), b.get());
                            };
                          },
                          ERROR_INVALID_MEDIA_POOL},
                      Row{"ChangeNtmsMediaType",
                          {{Guard::app, kM}, {Guard::computer, kM}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return [&test] {
                              return ChangeNtmsMediaType(test.handle(), test.cartridge(0).get(),
                                                         test.pool(Guard::other).get());
                            };
                          }},
                      Row{"CreateNtmsMedia",
                          {{Guard::app, kM}, {Guard::computer, kM}},
                          [](FunctionRights& test) -> Call {
                            return [&test] {
                              Info medium{};
                              medium.dwSize = sizeof medium;
                              medium.dwType = NTMS_PHYSICAL_MEDIA;
                              medium.Info.PhysicalMedia.MediaPool = test.pool(Guard::app).guid;
                              medium.Info.PhysicalMedia.dwNumberOfPartitions = 1;
                              Info side{};
                              side.dwSize = sizeof side;
                              side.dwType = NTMS_PARTITION;
                              side.Info.Partition.dwOmidLabelIdLength = 1;
                              side.Info.Partition.szOmidLabelType[0] = u'T';
                              return CreateNtmsMediaW(test.handle(), &medium, &side, 0);
                            };
                          }},
                      Row{"DeleteNtmsMedia",
                          {{Guard::app, kM}, {Guard::computer, kM}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            test.remove_from_library(0);
                            return [&test, id = test.cartridge(0)] {
                              return DeleteNtmsMedia(test.handle(), id.get());
                            };
                          }},
                      Row{"CreateNtmsMediaPool",
                          {{Guard::root, kC}},
                          [](FunctionRights& test) {
                            return create_pool(test, NTMS_W("\\New"), NTMS_CREATE_NEW);
                          }},
                      Row{"CreateNtmsMediaPoolBelow",
                          {{Guard::root, kC}, {Guard::container, kC}},
                          [](FunctionRights& test) {
                            return create_pool(test, NTMS_W("\\Container\\New"), NTMS_OPEN_ALWAYS);
                          }},
                      Row{"CreateNtmsMediaPoolThatIsThere",
                          {{Guard::app, kU}},
                          [](FunctionRights& test) {
                            return create_pool(test, NTMS_W("\\App"), NTMS_OPEN_EXISTING);
                          }},
                      Row{"DeleteNtmsMediaPool",
                          {{Guard::spare, kM}},
                          [](FunctionRights& test) -> Call {
                            return [&test, id = test.pool(Guard::spare)] {
                              return DeleteNtmsMediaPool(test.handle(), id.get());
                            };
                          }},
                      Row{"GetNtmsMediaPoolName",
                          {{Guard::app, kU}},
                          [](FunctionRights& test) -> Call {
                            return [&test] {
                              WCHAR name[64];
                              DWORD size = 64;
                              return GetNtmsMediaPoolNameW(
                                  test.handle(), test.pool(Guard::app).get(), name, &size);
                            };
                          }},
                      Row{"MoveToNtmsMediaPool",
                          {{Guard::app, kC}, {Guard::other, kC}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return move_to(test, 0, Guard::other);
                          }},
                      Row{"MoveToNtmsMediaPoolFromFree",
                          {{Guard::free, kU}, {Guard::other, kC}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::free, NTMS_PARTSTATE_AVAILABLE);
                            return move_to(test, 0, Guard::other);
                          }},
                      Row{"MoveToNtmsMediaPoolToFree",
                          {{Guard::import, kC}, {Guard::free, kU}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::import, NTMS_PARTSTATE_IMPORT);
                            return move_to(test, 0, Guard::free);
                          }},
                      Row{"SubmitNtmsOperatorRequestNewMedia",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) {
                            return submit(test, NTMS_OPREQ_NEWMEDIA, test.pool(Guard::app), {});
                          }},
                      Row{"SubmitNtmsOperatorRequestMoveMedia",
                          {{Guard::app, kC}},
                          [](FunctionRights& test) {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return submit(test, NTMS_OPREQ_MOVEMEDIA, test.cartridge(0),
                                          test.lib());
                          }},
                      Row{"MountNtmsMedia",
                          {{Guard::app, kU}, {Guard::library, kU}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return [&test, side = test.first_side(0)] {
                              Id drive;
                              return MountNtmsMedia(test.handle(), side.get(), drive.get(), 1,
                                                    NTMS_MOUNT_READ, NTMS_PRIORITY_NORMAL, 0,
                                                    nullptr);
                            };
                          },
                          ERROR_TIMEOUT},
                      Row{"MountNtmsMediaThatIsOffline",
                          {{Guard::app, kU}, {Guard::offline, kU}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            test.remove_from_library(0);
                            return [&test, side = test.first_side(0)] {
                              Id drive;
                              return MountNtmsMedia(test.handle(), side.get(), drive.get(), 1,
                                                    NTMS_MOUNT_READ | NTMS_MOUNT_ERROR_OFFLINE,
                                                    NTMS_PRIORITY_NORMAL, 0, nullptr);
                            };
                          },
                          ERROR_MEDIA_OFFLINE},
                      Row{"DismountNtmsMedia",
                          {{Guard::app, kU}, {Guard::library, kU}},
                          [](FunctionRights& test) -> Call {
                            test.put(0, Guard::app, NTMS_PARTSTATE_AVAILABLE);
                            return [&test, side = test.first_side(0)] {
                              return DismountNtmsMedia(test.handle(), side.get(), 1, 0);
                            };
                          },
                          ERROR_INVALID_STATE}),
    name_of);

}  // namespace
}  // namespace ntms::conformance
#endif
