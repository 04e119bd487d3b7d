// See certificate.hpp.
#include "support/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>

namespace holdpoint::test {
namespace {

std::string new_base() {
  static std::atomic<int> made = 0;
  const std::string name =
      "holdpoint_tls_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
  return (std::filesystem::temp_directory_path() / name).string();
}

}  // namespace

Certificate::Certificate() : base_(new_base()) {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3'600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* host = reinterpret_cast<const unsigned char*>("localhost");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_sign(certificate, key, EVP_sha256());
  if (std::FILE* file = std::fopen(certificate_path().c_str(), "w")) {
    PEM_write_X509(file, certificate);
    std::fclose(file);
  }
  if (std::FILE* file = std::fopen(key_path().c_str(), "w")) {
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
  }
  X509_free(certificate);
  EVP_PKEY_free(key);
}

Certificate::~Certificate() {
  std::filesystem::remove(certificate_path());
  std::filesystem::remove(key_path());
}

}  // namespace holdpoint::test
