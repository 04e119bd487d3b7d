// A certificate for localhost that signs itself, and its key, in files that go with it: for servers
// and sinks that are spoken to over TLS.
#pragma once

#include <string>

namespace holdpoint::test {

class Certificate {
 public:
  Certificate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;

  [[nodiscard]] std::string certificate_path() const { return base_ + ".crt"; }
  [[nodiscard]] std::string key_path() const { return base_ + ".key"; }

 private:
  std::string base_;
};

}  // namespace holdpoint::test
