using Debyard.Debian;
using Debyard.Debian.Names;

namespace Debyard.Repository.Rpm;

/// <summary>An rpm of a branch.</summary>
/// <param name="Uploaded">The SHA-256 of the file as it was uploaded, by which clients ask for it.</param>
/// <param name="Signed">
/// The SHA-256 of the file with the server's signature, which is what clients install; null if the branch no longer lists it but, being
/// protected, remembers which content had the name.
/// </param>
sealed record RpmListing(RpmFileName Name, Sha256 Uploaded, Sha256? Signed)
{
    const string Unlisted = "-";
    const int DigitsInPath = 12;

    /// <summary>Its path relative to the repository's base URL. It contains digits of the content, so its content never changes.</summary>
    public string Location => $"packages/{Signed?.ToString()[..DigitsInPath]}/{Name}";

    public override string ToString() => $"{Uploaded} {Signed?.ToString() ?? Unlisted} {Name}";

    /// <exception cref="DebianFormatException">The line is damaged.</exception>
    public static RpmListing Parse(string line) =>
        line.Split(' ') is [var uploaded, var signed, var text] && RpmFileName.TryParse(text, out var name)
            ? new RpmListing(name, Sha256.Parse(uploaded), signed == Unlisted ? null : Sha256.Parse(signed))
            : throw new DebianFormatException($"'{line}' does not list an rpm.");
}
