// See secrets.hpp.
#include "notifications/edge/secrets.hpp"

namespace holdpoint::notifications {
namespace {

struct SecretTag {
  static constexpr std::string_view prefix = "whs";
};
using SecretId = Id<SecretTag>;

/// What a secret is bound to when it is sealed: the same bytes open in no other place.
std::string place_of(std::string_view workspace, std::string_view id) {
  return "webhook_secret/" + std::string(workspace) + "/" + std::string(id);
}

}  // namespace

engine::Table secret_table() {
  return {"webhook_secret", engine::TableClass::secret,
          "CREATE TABLE IF NOT EXISTS webhook_secret ("
          " workspace TEXT NOT NULL, id TEXT NOT NULL, endpoint TEXT NOT NULL,"
          " sealed BLOB NOT NULL, expires_at BIGINT, PRIMARY KEY (workspace, id));"
          "CREATE INDEX IF NOT EXISTS webhook_secret_endpoint"
          " ON webhook_secret (workspace, endpoint, id);",
          "workspace, id"};
}

Decided<WebhookSecretIssued> issue_secret(engine::Unit& unit, const WebhookEndpoint& endpoint,
                                          std::string_view secret, Duration earlier_count) {
  engine::Connection& tables = unit.tables();
  tables.exec(
      "DELETE FROM webhook_secret WHERE workspace = $1 AND endpoint = $2"
      " AND expires_at <= $3",
      unit.workspace(), endpoint.id, unit.now());
  const auto live =
      tables.integer("SELECT count(*) FROM webhook_secret WHERE workspace = $1 AND endpoint = $2",
                     unit.workspace(), endpoint.id);
  if (live.value_or(0) >= static_cast<std::int64_t>(live_secrets_max)) {
    return refuse(RefusalKind::exhausted, "too_many_secrets",
                  "The endpoint has 5 secrets that still count; wait until one of them ends.");
  }
  const std::string id = unit.new_id<SecretId>().text();
  const auto sealed = unit.vault().seal(endpoint.id.text(), secret, place_of(unit.workspace(), id));
  if (!sealed) throw engine::StoreFailed(engine::StoreFailure::outside, sealed.error());
  const Instant until = unit.now() + earlier_count;
  tables.exec(
      "UPDATE webhook_secret SET expires_at = $1 WHERE workspace = $2 AND endpoint = $3"
      " AND (expires_at IS NULL OR expires_at > $1)",
      until, unit.workspace(), endpoint.id);
  tables.exec(
      "INSERT INTO webhook_secret (workspace, id, endpoint, sealed) VALUES ($1, $2, $3, $4)",
      unit.workspace(), id, endpoint.id, engine::Blob{*sealed});
  const WebhookSecretIssued issued{id, endpoint.id, until};
  unit.record({std::string(WebhookEndpoint::kind), endpoint.id.text()}, issued);
  return issued;
}

Result<std::vector<std::string>> live_secrets(engine::Connection& tables,
                                              engine::PersonVault& vault,
                                              std::string_view workspace,
                                              const WebhookEndpointId& endpoint, Instant now) {
  struct Kept {
    std::string id;
    std::string sealed;
  };
  std::vector<Kept> kept;
  tables.query(
      "SELECT id, sealed FROM webhook_secret WHERE workspace = $1 AND endpoint = $2"
      " AND (expires_at IS NULL OR expires_at > $3) ORDER BY expires_at IS NULL DESC, id DESC",
      [&](const engine::Row& row) {
        kept.push_back({std::string(row.text(0)), std::string(row.blob(1))});
      },
      workspace, endpoint, now);
  std::vector<std::string> secrets;
  for (const Kept& each : kept) {
    HP_TRY(std::string secret,
           vault.open(endpoint.text(), each.sealed, place_of(workspace, each.id)));
    secrets.push_back(std::move(secret));
  }
  return secrets;
}

}  // namespace holdpoint::notifications
