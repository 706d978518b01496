// SPDX-License-Identifier: MIT
// An application in a process of its own: reads commands from its standard input, one a line, calls
// the C ABI, and answers each with one line, "NAME CODE ...". Ends at the end of its input without
// closing what is open; killed, it dies as applications do.
//
//   uid NUMBER              becomes that user (and group); not on Windows
//   open                    opens the session;   close  closes it
//   eject BARCODE ACTION    -> eject CODE OPERATION
//   stop OPERATION          EjectNtmsMedia with NTMS_EJECT_STOP
//   cancel REQUEST
//   await REQUEST           waits for an end state -> await STATE ERROR
//   inventory ACTION        of the first library with a changer
//   enable|disable TYPE INDEX    the INDEXth object of that type (libraries: with a changer only)
//   count TYPE              -> count CODE NUMBER
//   port SECONDS            sets MaxExtendSecs of the first port
//   set TYPE INDEX          stores an object's information as it was read
//   submit KIND [ARG1 [ARG2]]    an operator request -> submit CODE REQUEST
//   refuse|satisfy REQUEST  answers an operator request
//   destination OPERATION NAME [OBJECT]    SetNtmsUIOptions of kind NTMS_UITYPE_REQ
//   listen TYPE             opens a notification channel
//   hear MILLISECONDS       waits for the channel's next change -> hear CODE OPERATION OBJECT
//   hands FUNCTION LIBRARY [OBJECT]    inject, door, reserve, release, inject-cleaner,
//                           eject-cleaner, clean or dismount -> hands CODE
//   media FUNCTION OBJECT [OBJECT]    a function of the media services -> media CODE; create-pool
//   and
//                           open-pool take a path
//   order REQUEST [PLACE]   GetNtmsRequestOrder -> order CODE PLACE; with PLACE SetNtmsRequestOrder
//   remove TYPE OBJECT      DeleteNtmsRequests, DeleteNtmsLibrary or DeleteNtmsDrive
//   export|import           the database
//   attribute OBJECT [BYTE] GetNtmsObjectAttribute of "a", one byte; with BYTE
//   SetNtmsObjectAttribute
#include <ntmsapi.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "conformance/id.h"
#include "support/wide.h"

#ifndef _WIN32
#include <unistd.h>
#endif

namespace {

using ntms::conformance::Id;
using ntms::conformance::parse_id;

class Worker {
 public:
  std::string answer(const std::string& line) {
    std::istringstream words(line);
    std::string command;
    words >> command;
#ifndef _WIN32
    if (command == "uid") return become(words);
#endif
    if (command == "open") return open();
    if (command == "close") return "close " + std::to_string(CloseNtmsSession(session_));
    if (command == "eject") return eject(words);
    if (command == "stop") return stop(words);
    if (command == "cancel") return cancel(words);
    if (command == "await") return await(words);
    if (command == "inventory") return inventory(words);
    if (command == "enable" || command == "disable") return enable(words, command == "enable");
    if (command == "count") return count(words);
    if (command == "port") return port(words);
    if (command == "set") return set(words);
    if (command == "submit") return submit(words);
    if (command == "refuse") return answer_operator(command, words, &CancelNtmsOperatorRequest);
    if (command == "satisfy") return answer_operator(command, words, &SatisfyNtmsOperatorRequest);
    if (command == "destination") return destination(words);
    if (command == "listen") return listen(words);
    if (command == "hear") return hear(words);
    if (command == "hands") return hands(words);
    if (command == "media") return media(words);
    if (command == "order") return order(words);
    if (command == "remove") return remove(words);
    if (command == "export") return "export " + std::to_string(ExportNtmsDatabase(session_));
    if (command == "import") return "import " + std::to_string(ImportNtmsDatabase(session_));
    if (command == "attribute") return attribute(words);
    return "unknown " + command;
  }

 private:
#ifndef _WIN32
  std::string become(std::istringstream& words) {
    unsigned id = 0;
    words >> id;
    const bool done = setgid(id) == 0 && setuid(id) == 0;
    return std::string("uid ") + (done ? "0" : "1");
  }
#endif

  std::string open() {
    session_ = OpenNtmsSessionW(nullptr, NTMS_W("worker"), 0);
    const DWORD code = GetLastError();
    return "open " + std::to_string(code);
  }

  std::vector<Id> list(DWORD type, DWORD* code = nullptr) {
    DWORD number = 4096;
    std::vector<NTMS_GUID> ids(number);
    const DWORD result = EnumerateNtmsObject(session_, nullptr, ids.data(), &number, type, 0);
    if (code != nullptr) *code = result;
    if (result != ERROR_SUCCESS) return {};
    return {ids.begin(), ids.begin() + number};
  }

  bool read(const Id& id, NTMS_OBJECTINFORMATIONW& info) {
    info = {};
    info.dwSize = sizeof info;
    return GetNtmsObjectInformationW(session_, id.get(), &info) == ERROR_SUCCESS;
  }

  Id object(DWORD type, std::size_t index) {
    std::vector<Id> found;
    for (const Id& id : list(type)) {
      NTMS_OBJECTINFORMATIONW info;
      if (type == NTMS_LIBRARY && read(id, info) &&
          info.Info.Library.LibraryType != NTMS_LIBRARYTYPE_ONLINE) {
        continue;
      }
      found.push_back(id);
    }
    return index < found.size() ? found[index] : Id{};
  }

  std::string eject(std::istringstream& words) {
    std::string bar_code;
    DWORD action = 0;
    words >> bar_code >> action;
    Id medium;
    for (const Id& id : list(NTMS_PHYSICAL_MEDIA)) {
      NTMS_OBJECTINFORMATIONW info;
      if (read(id, info) &&
          ntms::conformance::text(info.Info.PhysicalMedia.szBarCode) == bar_code) {
        medium = id;
      }
    }
    Id operation;
    const DWORD code = EjectNtmsMedia(session_, medium.get(), &operation.guid, action);
    return "eject " + std::to_string(code) + " " + operation.hex();
  }

  std::string stop(std::istringstream& words) {
    std::string hex;
    words >> hex;
    const DWORD code = EjectNtmsMedia(session_, nullptr, parse_id(hex).get(), NTMS_EJECT_STOP);
    return "stop " + std::to_string(code);
  }

  std::string cancel(std::istringstream& words) {
    std::string hex;
    words >> hex;
    return "cancel " + std::to_string(CancelNtmsLibraryRequest(session_, parse_id(hex).get()));
  }

  std::string await(std::istringstream& words) {
    std::string hex;
    words >> hex;
    const Id request = parse_id(hex);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(25);
    for (;;) {
      NTMS_OBJECTINFORMATIONW info;
      if (!read(request, info)) return "await gone";
      const DWORD state = info.Info.LibRequest.State;
      const bool ended = state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS &&
                         state != NTMS_LM_WAITING && state != NTMS_LM_DEFERRED;
      if (ended || std::chrono::steady_clock::now() > deadline) {
        return "await " + std::to_string(state) + " " +
               std::to_string(info.Info.LibRequest.dwErrorCode);
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));  // between two looks
    }
  }

  std::string inventory(std::istringstream& words) {
    DWORD action = 0;
    words >> action;
    const Id library = object(NTMS_LIBRARY, 0);
    return "inventory " + std::to_string(InventoryNtmsLibrary(session_, library.get(), action));
  }

  std::string enable(std::istringstream& words, bool on) {
    DWORD type = 0;
    std::size_t index = 0;
    words >> type >> index;
    const Id id = object(type, index);
    const DWORD code = on ? EnableNtmsObject(session_, type, id.get())
                          : DisableNtmsObject(session_, type, id.get());
    return (on ? "enable " : "disable ") + std::to_string(code);
  }

  std::string count(std::istringstream& words) {
    DWORD type = 0;
    words >> type;
    DWORD code = 0;
    const std::size_t number = list(type, &code).size();
    return "count " + std::to_string(code) + " " + std::to_string(number);
  }

  std::string port(std::istringstream& words) {
    unsigned seconds = 0;
    words >> seconds;
    NTMS_OBJECTINFORMATIONW info;
    if (!read(object(NTMS_IEPORT, 0), info)) return "port gone";
    info.Info.IEPort.MaxExtendSecs = static_cast<WORD>(seconds);
    return "port " + std::to_string(SetNtmsObjectInformationW(session_, &info.ObjectGuid, &info));
  }

  std::string set(std::istringstream& words) {
    DWORD type = 0;
    std::size_t index = 0;
    words >> type >> index;
    NTMS_OBJECTINFORMATIONW info;
    if (!read(object(type, index), info)) return "set gone";
    return "set " + std::to_string(SetNtmsObjectInformationW(session_, &info.ObjectGuid, &info));
  }

  std::string submit(std::istringstream& words) {
    DWORD kind = 0;
    std::string hex1;
    std::string hex2;
    words >> kind >> hex1 >> hex2;
    const Id arg1 = parse_id(hex1);
    const Id arg2 = parse_id(hex2);
    Id request;
    const DWORD code = SubmitNtmsOperatorRequestW(
        session_, kind, NTMS_W("from the worker"), hex1.empty() ? nullptr : arg1.get(),
        hex2.empty() ? nullptr : arg2.get(), request.get());
    return "submit " + std::to_string(code) +
           (code == ERROR_SUCCESS ? " " + request.hex() : std::string());
  }

  std::string answer_operator(const std::string& command, std::istringstream& words,
                              DWORD(WINAPI* function)(HANDLE, LPNTMS_GUID)) {
    std::string hex;
    words >> hex;
    return command + " " + std::to_string(function(session_, parse_id(hex).get()));
  }

  std::string destination(std::istringstream& words) {
    DWORD operation = 0;
    std::string name;
    std::string hex;
    words >> operation >> name >> hex;
    const Id object = parse_id(hex);
    const DWORD code = SetNtmsUIOptionsA(session_, hex.empty() ? nullptr : object.get(),
                                         NTMS_UITYPE_REQ, operation, name.c_str());
    return "destination " + std::to_string(code);
  }

  std::string listen(std::istringstream& words) {
    DWORD type = 0;
    words >> type;
    channel_ = OpenNtmsNotification(session_, type);
    const DWORD code = GetLastError();
    return "listen " + std::to_string(code);
  }

  std::string hear(std::istringstream& words) {
    DWORD timeout = 0;
    words >> timeout;
    NTMS_NOTIFICATIONINFORMATION change{};
    const DWORD code = WaitForNtmsNotification(channel_, &change, timeout);
    if (code != ERROR_SUCCESS) return "hear " + std::to_string(code);
    return "hear 0 " + std::to_string(change.dwOperation) + " " + Id(change.ObjectId).hex();
  }

  // The calls that bring hands to a library or a drive; OBJECT is the library, slot or drive.
  std::string hands(std::istringstream& words) {
    std::string function;
    std::string hex;
    std::string object_hex;
    words >> function >> hex >> object_hex;
    const Id library = parse_id(hex);
    const Id object = parse_id(object_hex);
    Id operation;
    DWORD code = 0;
    if (function == "inject") {
      code = InjectNtmsMedia(session_, library.get(), operation.get(), NTMS_INJECT_START);
    } else if (function == "door") {
      code = AccessNtmsLibraryDoor(session_, library.get(), NTMS_INVENTORY_FAST);
    } else if (function == "reserve") {
      code = ReserveNtmsCleanerSlot(session_, library.get(), object.get());
    } else if (function == "release") {
      code = ReleaseNtmsCleanerSlot(session_, library.get());
    } else if (function == "inject-cleaner") {
      code = InjectNtmsCleaner(session_, library.get(), operation.get(), 1, NTMS_INJECT_START);
    } else if (function == "eject-cleaner") {
      code = EjectNtmsCleaner(session_, library.get(), operation.get(), NTMS_EJECT_START);
    } else if (function == "clean") {
      code = CleanNtmsDrive(session_, object.get());
    } else if (function == "dismount") {
      code = DismountNtmsDrive(session_, object.get());
    } else if (function == "identify") {
      code = IdentifyNtmsSlot(session_, object.get(), 0);
    } else if (function == "label") {
      std::string label = "VOL1AAAAAA" + std::string(70, ' ');
      code = UpdateNtmsOmidInfo(session_, object.get(), NTMS_OMID_TYPE_RAW_LABEL,
                                static_cast<DWORD>(label.size()), label.data());
    } else {
      return "unknown " + function;
    }
    return "hands " + std::to_string(code);
  }

  std::string media(std::istringstream& words) {
    std::string function;
    std::string first;
    std::string second;
    words >> function >> first >> second;
    return "media " + std::to_string(media_code(function, first, second));
  }

  DWORD media_code(const std::string& function, const std::string& first,
                   const std::string& second) {
    const Id a = parse_id(first);
    const Id b = parse_id(second);
    Id out = b;
    if (function == "create-pool" || function == "open-pool") {
      return CreateNtmsMediaPoolA(session_, first.c_str(), nullptr,
                                  function == "create-pool" ? NTMS_CREATE_NEW : NTMS_OPEN_EXISTING,
                                  nullptr, out.get());
    }
    if (function == "allocate") {
      return AllocateNtmsMedia(session_, a.get(), b.is_null() ? nullptr : b.get(), out.get(), 0, 0,
                               nullptr);
    }
    if (function == "next") {
      return AllocateNtmsMedia(session_, a.get(), nullptr, out.get(), NTMS_ALLOCATE_NEXT, 0,
                               nullptr);
    }
    if (function == "name-pool") {
      WCHAR name[NTMS_POOLHIERARCHY_LENGTH];
      DWORD size = NTMS_POOLHIERARCHY_LENGTH;
      return GetNtmsMediaPoolNameW(session_, a.get(), name, &size);
    }
    if (function == "create") return create_media(a);
    if (function == "delete-pool") return DeleteNtmsMediaPool(session_, a.get());
    if (function == "add-type") return AddNtmsMediaType(session_, a.get(), b.get());
    if (function == "delete-type") return DeleteNtmsMediaType(session_, a.get(), b.get());
    if (function == "deallocate") return DeallocateNtmsMedia(session_, a.get(), 0);
    if (function == "swap") return SwapNtmsMedia(session_, a.get(), b.get());
    if (function == "complete") return SetNtmsMediaComplete(session_, a.get());
    if (function == "decommission") return DecommissionNtmsMedia(session_, a.get());
    if (function == "delete") return DeleteNtmsMedia(session_, a.get());
    if (function == "move") return MoveToNtmsMediaPool(session_, a.get(), b.get());
    if (function == "change-type") return ChangeNtmsMediaType(session_, a.get(), b.get());
    return ERROR_CALL_NOT_IMPLEMENTED;
  }

  DWORD create_media(const Id& pool) {
    NTMS_OBJECTINFORMATIONW medium{};
    medium.dwSize = sizeof medium;
    medium.dwType = NTMS_PHYSICAL_MEDIA;
    medium.Info.PhysicalMedia.MediaPool = pool.guid;
    medium.Info.PhysicalMedia.dwNumberOfPartitions = 1;
    NTMS_OBJECTINFORMATIONW side{};
    side.dwSize = sizeof side;
    side.dwType = NTMS_PARTITION;
    side.Info.Partition.dwOmidLabelIdLength = 1;
    side.Info.Partition.szOmidLabelType[0] = u'T';
    return CreateNtmsMediaW(session_, &medium, &side, 0);
  }

  std::string order(std::istringstream& words) {
    std::string hex;
    words >> hex;
    const Id request = parse_id(hex);
    if (DWORD place = 0; words >> place) {
      return "order " + std::to_string(SetNtmsRequestOrder(session_, request.get(), place));
    }
    DWORD place = 0;
    const DWORD code = GetNtmsRequestOrder(session_, request.get(), &place);
    return "order " + std::to_string(code) + " " + std::to_string(place);
  }

  std::string remove(std::istringstream& words) {
    DWORD type = 0;
    std::string hex;
    words >> type >> hex;
    const Id id = parse_id(hex);
    if (type == NTMS_LIBRARY) {
      return "remove " + std::to_string(DeleteNtmsLibrary(session_, id.get()));
    }
    if (type == NTMS_DRIVE) return "remove " + std::to_string(DeleteNtmsDrive(session_, id.get()));
    return "remove " + std::to_string(DeleteNtmsRequests(session_, id.get(), type, 1));
  }

  std::string attribute(std::istringstream& words) {
    std::string hex;
    words >> hex;
    const Id object = parse_id(hex);
    unsigned char byte = 0;
    if (unsigned value = 0; words >> value) {
      byte = static_cast<unsigned char>(value);
      return "attribute " +
             std::to_string(SetNtmsObjectAttributeA(session_, object.get(), 0, "a", &byte, 1));
    }
    DWORD size = 1;
    return "attribute " + std::to_string(GetNtmsObjectAttributeA(session_, object.get(),
                                                                 NTMS_LIBRARY, "a", &byte, &size));
  }

  HANDLE session_ = INVALID_HANDLE_VALUE;
  HANDLE channel_ = INVALID_HANDLE_VALUE;
};

}  // namespace

int main() {
  Worker worker;
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << worker.answer(line) << std::endl;  // flushed: the other side waits for it
  }
  return 0;  // with what is still open, as programs do
}
