// Front header of the ledger: the one header other capabilities include.
#pragma once

#include "ledger/checkpoint.hpp"
#include "ledger/commitment.hpp"
#include "ledger/dsse.hpp"
#include "ledger/envelope.hpp"
#include "ledger/merkle.hpp"
#include "ledger/note.hpp"
#include "ledger/origin.hpp"
#include "ledger/rekor_entry.hpp"
#include "ledger/statement.hpp"
#include "ledger/tlog_proof.hpp"
