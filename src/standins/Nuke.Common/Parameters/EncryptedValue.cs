using System.Security.Cryptography;
using System.Text;

namespace Nuke.Common.Parameters;

/// <summary>A secret as <c>nuke :secrets</c> writes it into a parameters file: <c>v1:</c> and AES in base64.</summary>
static class EncryptedValue
{
    const string Version = "v1:";
    static readonly byte[] salt = "Ivan Medvedev"u8.ToArray(); // NUKE's
    static readonly Dictionary<string, string> passwords = [];

    public static string Decrypt(string value, string name, string profile)
    {
        try
        {
            var bytes = Convert.FromBase64String(value.StartsWith(Version, StringComparison.Ordinal) ? value[Version.Length..] : value);
            var derived = Rfc2898DeriveBytes.Pbkdf2(
                Password(profile),
                salt,
                iterations: 10_000,
                HashAlgorithmName.SHA256,
                outputLength: 48
            );
            using var aes = Aes.Create();
            aes.Key = derived[..32];
            return Encoding.UTF8.GetString(aes.DecryptCbc(bytes, derived[32..]));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            throw ParameterValue.ConversionFailure($"Could not decrypt '{name}' with provided password");
        }
    }

    // PARAMS_KEY, or PARAMS_<PROFILE>_KEY; else the user is asked, once per file.
    static string Password(string profile)
    {
        if (passwords.TryGetValue(profile ?? "", out var known))
            return known;
        var variable = $"PARAMS{profile?.ToUpperInvariant().Replace(".", "", StringComparison.Ordinal)}KEY";
        var password =
            (string)ParameterSources.Lookup(variable, typeof(string), null)
            ?? Prompt.ForSecret($"Enter password for {(profile == null ? "parameters.json" : $"parameters.{profile}.json")}:");
        return passwords[profile ?? ""] = password;
    }
}
