// SPDX-License-Identifier: MIT
// The objects of a Removable Storage server as plain values: what the database keeps and what the
// information structures show. No I/O, no clock, no behaviour. States and codes are the ABI's
// numbers (ntmsapi.h), so that nothing is translated on the way (contract, concepts 2 to 16).
#pragma once

#include <ntmsapi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/guid.h"

namespace ntms::model {

// A moment as microseconds since 1970-01-01 UTC; 0 means "never".
using Time = std::int64_t;

// What every object has (NTMS_OBJECTINFORMATION without its union). Texts are UTF-8.
struct Object {
  Guid id;
  Time created = 0;
  Time modified = 0;
  bool enabled = true;
  std::uint32_t operational_state = NTMS_READY;
  std::string name;
  std::string description;
};

// The server itself; exactly one (concepts 2.2).
struct Computer : Object {
  std::uint32_t lib_request_purge_time = 259200;  // seconds
  std::uint32_t op_request_purge_time = 259200;   // seconds
  std::uint32_t lib_request_flags = 0;
  std::uint32_t op_request_flags = 0;
  std::uint32_t media_pool_policy = 0;
};

struct ChangerType : Object {
  std::string vendor;
  std::string product;
  std::uint32_t device_type = 0;
};

struct DriveType : Object {
  std::string vendor;
  std::string product;
  std::uint32_t device_type = 0;
};

struct MediaType : Object {
  std::uint32_t code = 0;  // STORAGE_MEDIA_TYPE number
  std::uint32_t sides = 1;
  std::uint32_t read_write = NTMS_MEDIARW_REWRITABLE;
  std::uint32_t device_type = 0;
};

// A robotic library, a stand-alone drive seen as a library, or the offline library.
struct Library : Object {
  std::uint32_t type = NTMS_LIBRARYTYPE_UNKNOWN;
  std::string uri;     // how its changer is reached; empty for the offline library
  std::string serial;  // what it is recognised by when the URI changes; may be empty
  Guid cleaner_slot;
  Guid cleaner_slot_default;
  bool supports_cleaning = false;
  bool bar_code_reader = false;
  std::uint32_t inventory_method = NTMS_INVENTORY_FAST;
  std::uint32_t cleaner_uses = 0;
  bool auto_recovery = true;
  std::uint32_t flags = 0;
  std::uint32_t first_drive_number = 0;
  std::uint32_t first_slot_number = 0;
  std::uint32_t first_door_number = 0;
  std::uint32_t first_port_number = 0;
  std::uint32_t first_changer_number = 0;
  std::string state_reason;  // why it is not READY, in words; empty when it is
};

struct Changer : Object {
  Guid library;
  std::uint32_t number = 0;
  Guid changer_type;
  std::string serial;
  std::string revision;
  std::string device_name;
  std::uint32_t element_address = 0;  // of the transport element
};

struct Drive : Object {
  Guid library;
  std::uint32_t number = 0;
  std::uint32_t element_address = 0;
  std::uint32_t state = NTMS_DRIVESTATE_DISMOUNTED;
  Guid drive_type;
  std::string device_name;  // what an application opens; empty while no device is matched
  std::string serial;
  std::string revision;
  std::uint32_t mount_count = 0;
  Time last_cleaned = 0;
  Guid saved_side;  // the side in the drive; null with a full drive: put there by a person
  std::uint32_t defer_dismount_delay = 300;  // seconds
  std::string mapping_reason;                // how the device was matched to the bay, in words
};

struct Slot : Object {
  Guid library;
  std::uint32_t number = 0;
  std::uint32_t element_address = 0;
  std::uint32_t state = NTMS_SLOTSTATE_UNKNOWN;
};

struct Port : Object {
  Guid library;
  std::uint32_t number = 0;
  std::uint32_t element_address = 0;
  std::uint32_t content = NTMS_PORTCONTENT_UNKNOWN;
  std::uint32_t position = NTMS_PORTPOSITION_UNKNOWN;
  std::uint32_t max_extend_secs = 300;
};

struct Door : Object {
  Guid library;
  std::uint32_t number = 0;
  std::uint32_t state = NTMS_DOORSTATE_UNKNOWN;
  std::uint32_t max_open_secs = 1800;
};

struct MediaPool : Object {
  std::uint32_t type = NTMS_POOLTYPE_UNKNOWN;
  Guid media_type;  // null: the pool holds only pools
  Guid parent;      // null: top level
  std::uint32_t allocation_policy = 0;
  std::uint32_t deallocation_policy = 0;
  std::uint32_t max_allocates = 0xFFFFFFFF;
  bool root = false;  // the hidden root pool
};

struct PhysicalMedium : Object {
  Guid library;
  Guid pool;
  Guid location;  // slot, drive or port it is in now; null: offline, or nobody knows
  std::uint32_t location_type = NTMS_STORAGESLOT;
  Guid media_type;
  Guid home_slot;
  std::string bar_code;  // trailing blanks removed; empty: none
  std::uint32_t bar_code_state = NTMS_BARCODESTATE_UNREADABLE;
  std::string sequence_number;
  std::uint32_t media_state = NTMS_MEDIASTATE_IDLE;
  std::uint32_t media_type_code = 0;
  std::uint32_t density_code = 0;
  Guid mounted_side;
};

struct Side : Object {
  Guid medium;
  Guid logical_medium;
  std::uint32_t state = NTMS_PARTSTATE_UNKNOWN;
  std::uint32_t side = 0;
  std::string omid_type;
  std::vector<std::uint8_t> omid_id;
  std::string omid_info;
  std::uint32_t mount_count = 0;
  std::uint32_t allocate_count = 0;
  std::int64_t capacity = 0;  // bytes
};

struct LogicalMedium : Object {
  Guid pool;
};

// How far a request has come; kept in its row so that any process can go on with it. What `source`
// and `target` mean depends on it.
enum class Phase : std::uint32_t {
  none = 0,         // nothing has been moved, nothing is open
  moving = 1,       // the move from `source` to `target` was decided; it may have happened
  in_port = 2,      // the operator has access to the port: to take (eject) or to put in (inject)
  moving_home = 3,  // stopped: the move back from the port was decided; it may have happened
  door_open = 4,    // the doors are unlocked for the operator
  door_closed = 5,  // the operator has finished at the doors; what follows has to be done
  cleaning = 6,     // the cleaner is in the drive, until it has done its work
};

struct LibraryRequest : Object {
  std::uint32_t operation = 0;  // NtmsLmOperation
  std::uint32_t option = 0;
  std::uint32_t state = NTMS_LM_QUEUED;
  Guid side;
  Guid drive;
  Guid medium;
  Guid library;
  Guid slot;
  Time time_queued = 0;
  Time time_completed = 0;
  std::string application;
  std::string user;
  std::string computer;
  std::uint32_t error_code = 0;
  std::string reason;  // why it failed or what it waits for, in words
  Guid work_item;
  std::uint32_t priority = 0;
  std::uint32_t order_number = 0;  // place among the mounts of the library; 0: not ordered

  // Private to the queue and the operations.
  bool held = false;     // member of a batch that has not been started
  Guid round;            // requests that go through the port together, or are mounted together
  bool stop = false;     // a stop action asked for an early end
  bool cancel = false;   // a cancel asked for an early end; the end state is CANCELLED
  bool retract = false;  // an inject was told to close the port and take in what is there
  Phase phase = Phase::none;
  std::uint32_t source = 0;       // element address
  std::uint32_t target = 0;       // element address
  std::int64_t deadline = 0;      // milliseconds of the engine's clock; 0: none
  std::uint32_t cleans_left = 0;  // of the cleaner that is injected
  Guid session;                   // of a mount: the session whose medium it is
  bool drive_given = false;       // of a mount: `drive` was named by the caller, not chosen
};

struct OperatorRequest : Object {
  std::uint32_t request = NTMS_OPREQ_UNKNOWN;
  Time submitted = 0;
  Time answered = 0;
  std::uint32_t state = NTMS_OPSTATE_SUBMITTED;
  std::string message;
  std::uint32_t arg1_type = NTMS_UNKNOWN;
  Guid arg1;
  std::uint32_t arg2_type = NTMS_UNKNOWN;
  Guid arg2;
  std::string application;
  std::string user;
  std::string computer;
  bool by_system = false;  // posted by the server itself, which may also complete it
};

}  // namespace ntms::model
