// See ledger_routes.hpp.
#include "ledger/edge/ledger_routes.hpp"

#include <charconv>

#include "base/encoding.hpp"
#include "ledger/ledger.hpp"

namespace holdpoint::ledger {
namespace {

namespace edge = engine::edge;

struct ActorView {
  std::string kind;
  std::string id;
  std::optional<std::string> via;
  std::optional<std::string> on_behalf_of;
};
HP_DESCRIBE(ActorView, kind, id, via, on_behalf_of)

struct SubjectView {
  std::string kind;
  std::string id;
};
HP_DESCRIBE(SubjectView, kind, id)

/// One entry as people read it; the extra data of its proof are the sealed bytes themselves.
struct EntryView {
  std::uint64_t index = 0;
  std::string id;
  Instant at;
  std::string type;
  SubjectView subject;
  ActorView actor;
  std::optional<std::string> cause;
  std::string root;
  json::value body;
  std::vector<std::string> sealed;  // paths of the values that stand beside the entry
};
HP_DESCRIBE(EntryView, index, id, at, type, subject, actor, cause, root, body, sealed)

struct KeyView {
  std::string origin;
  std::string vkey;
};
HP_DESCRIBE(KeyView, origin, vkey)

struct ConsistencyView {
  std::uint64_t old_size = 0;
  std::uint64_t new_size = 0;
  std::vector<std::string> hashes;  // base64
};
HP_DESCRIBE(ConsistencyView, old_size, new_size, hashes)

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;  // no column holds it
  return value;
}

EntryView view_of(std::uint64_t index, std::string_view bytes) {
  if (kind_of(bytes) == EntryKind::rekor_dsse) {
    EntryView view{.index = index, .type = "rekor.dsse"};
    if (auto body = parse_json(bytes)) view.body = std::move(*body);
    return view;
  }
  const auto envelope = decode(bytes);
  if (!envelope) {
    throw engine::StoreFailed(engine::StoreFailure::corrupt,
                              Fault{FaultKind::corrupt, "ledger entry", envelope.error().text()});
  }
  EntryView view{.index = index,
                 .id = envelope->id,
                 .at = envelope->at,
                 .type = envelope->type,
                 .subject = {envelope->subject.kind, envelope->subject.id},
                 .actor = {envelope->actor.kind, envelope->actor.id, envelope->actor.via,
                           envelope->actor.on_behalf_of},
                 .cause = envelope->cause,
                 .root = envelope->root,
                 .body = json::parse(envelope->body)};
  for (const SealedField& field : envelope->sealed) view.sealed.push_back(field.path);
  return view;
}

http::Response entries(engine::Engine& engine, const http::Request& request) {
  auto wanted = edge::page_of(request);
  if (!wanted) return wanted.error();
  if (const auto after = request.query("after"); after && wanted->after.empty()) {
    wanted->after = *after;
  }
  std::int64_t last = -1;
  if (!wanted->after.empty()) {
    const auto parsed = number(wanted->after);
    if (!parsed) return edge::respond(JsonIssues{{"after", "expected the index of an entry", 0}});
    last = static_cast<std::int64_t>(*parsed);
  }
  std::string sql = "SELECT seq, entry FROM ledger_entry WHERE workspace = $1 AND seq > $2";
  std::vector<engine::Arg> args{engine::arg(edge::caller_of(request).workspace), engine::arg(last),
                                engine::arg(static_cast<std::int64_t>(wanted->limit + 1))};
  const std::string type(request.query("type").value_or(""));
  const std::string subject(request.query("subject").value_or(""));
  if (!type.empty()) {
    args.push_back(engine::arg(type));
    sql += " AND type = $" + std::to_string(args.size());
  }
  if (!subject.empty()) {
    args.push_back(engine::arg(subject));
    sql += " AND subject_id = $" + std::to_string(args.size());
  }
  sql += " ORDER BY seq LIMIT $3";
  std::vector<EntryView> items;
  engine.read()->run(sql, args, [&](const engine::Row& row) {
    items.push_back(view_of(static_cast<std::uint64_t>(row.integer(0)), row.blob(1)));
  });
  return edge::page(std::move(items), wanted->limit,
                    [](const EntryView& item) { return std::to_string(item.index); });
}

http::Response proof(engine::Engine& engine, const http::Request& request) {
  const auto index = number(request.parameter("index"));
  if (!index) return edge::respond(JsonIssues{{"index", "expected a number", 0}});
  const auto receipt = engine.receipt(edge::caller_of(request).workspace, *index);
  if (!receipt) {
    return receipt.error().kind == FaultKind::not_found
               ? http::problem_response(404, "entry_not_found", "There is no such entry.")
               : edge::respond(receipt.error());
  }
  // With the entry's own bytes in it, the answer can be verified without asking again.
  return http::text_response(200, encode_tlog_proof({.extra = receipt->entry,
                                                     .index = receipt->index,
                                                     .hashes = receipt->proof,
                                                     .checkpoint = receipt->checkpoint}));
}

http::Response checkpoint(engine::Engine& engine, const http::Request& request) {
  const auto note = engine.checkpoint(edge::caller_of(request).workspace);
  if (!note) {
    return note.error().kind == FaultKind::not_found
               ? http::problem_response(404, "log_not_found", "The log has no entry yet.")
               : edge::respond(note.error());
  }
  return http::text_response(200, *note);
}

http::Response consistency(engine::Engine& engine, const http::Request& request) {
  const auto old_size = number(request.query("old").value_or(""));
  const auto new_size = number(request.query("new").value_or(""));
  if (!old_size || !new_size) {
    return edge::respond(JsonIssues{{"old", "expected two sizes of the log, old and new", 0}});
  }
  const auto hashes = engine.consistency(edge::caller_of(request).workspace, *old_size, *new_size);
  if (!hashes) {
    return hashes.error().kind == FaultKind::not_found
               ? http::problem_response(422, "no_such_sizes", hashes.error().what)
               : edge::respond(hashes.error());
  }
  ConsistencyView view{*old_size, *new_size, {}};
  for (const Digest& hash : *hashes) view.hashes.push_back(to_base64(hash.view()));
  return edge::ok(view);
}

http::Route row(std::string path, std::string permission, std::string summary,
                std::string operation, http::Handler handler) {
  return http::Route{.method = "GET",
                     .path = std::move(path),
                     .permission = std::move(permission),
                     .summary = std::move(summary),
                     .operation_id = std::move(operation),
                     .tag = "ledger",
                     .handler = std::move(handler)};
}

}  // namespace

std::vector<http::Route> routes(engine::Engine& engine) {
  auto list = row("/api/v1/{workspace}/ledger/entries", "audit.read",
                  "Entries of the ledger in order", "list_ledger_entries",
                  [&engine](http::Request& request) { return entries(engine, request); });
  list.query = edge::kPageParameters;
  list.query.push_back({"after", "Only after this index", "integer", http::Presence::optional});
  list.query.push_back({"type", "Only of this type", "string", http::Presence::optional});
  list.query.push_back({"subject", "Only about this id", "string", http::Presence::optional});
  list.response = edge::page_schema_of<EntryView>();
  list.statuses = {200, 422};
  auto prove = row("/api/v1/{workspace}/ledger/entries/{index}/proof", "audit.read",
                   "Proof that an entry is in the log (C2SP tlog-proof)", "prove_ledger_entry",
                   [&engine](http::Request& request) { return proof(engine, request); });
  prove.statuses = {200, 404, 422};
  prove.response_media = "text/plain";
  auto head = row("/ledger/{workspace}/checkpoint", "audit.read",
                  "The signed head of the log (C2SP tlog-checkpoint)", "get_checkpoint",
                  [&engine](http::Request& request) { return checkpoint(engine, request); });
  head.statuses = {200, 404};
  head.response_media = "text/plain";
  auto consistent =
      row("/api/v1/{workspace}/ledger/consistency", "audit.read",
          "Proof that a later head only added to an earlier one", "prove_ledger_consistency",
          [&engine](http::Request& request) { return consistency(engine, request); });
  consistent.query = {{"old", "Earlier size", "integer", http::Presence::required},
                      {"new", "Later size", "integer", http::Presence::required}};
  consistent.response = edge::schema_of<ConsistencyView>();
  consistent.statuses = {200, 422};
  auto key = row(
      "/api/v1/{workspace}/ledger/key", "audit.read", "The key that signs the log's heads",
      "get_ledger_key", [&engine](http::Request& request) {
        const auto& workspace = edge::caller_of(request).workspace;
        return edge::ok(KeyView{engine.origin(workspace), engine.verifier_key(workspace).text()});
      });
  key.response = edge::schema_of<KeyView>();
  return {std::move(list), std::move(prove), std::move(head), std::move(consistent),
          std::move(key)};
}

}  // namespace holdpoint::ledger
