// Front header of identity: the one header other capabilities include.
#pragma once

#include "identity/approval_roles.hpp"
#include "identity/commands.hpp"
#include "identity/decide.hpp"
#include "identity/delegation.hpp"
#include "identity/directory.hpp"
#include "identity/events.hpp"
#include "identity/ids.hpp"
#include "identity/permissions.hpp"
#include "identity/refusals.hpp"
#include "identity/rota.hpp"
#include "identity/rules.hpp"
#include "identity/state.hpp"
