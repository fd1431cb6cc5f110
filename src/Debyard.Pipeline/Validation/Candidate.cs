using System.Security.Cryptography;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Packages that ask to be published, with all that their validation depends on. A verdict holds for exactly these bytes, these
/// dependencies, this base and these checks.
/// </summary>
public sealed record Candidate(Manifest Manifest, IReadOnlyList<PackageFile> Packages, IReadOnlyList<PackageFile> Dependencies, Image Base)
{
    readonly Dictionary<string, byte[]> contents = [];

    public ValidationPlan Plan => Manifest.Validation!;

    /// <summary>Of what a verdict is kept for.</summary>
    public Fingerprint Fingerprint =>
        field ??= Fingerprint.Over(
            Files("package", Packages)
                .Concat(Files("dependency", Dependencies))
                .Append(new Input("base", Base.Fingerprint.Value))
                .Append(new Input("install", string.Join(' ', Plan.Install)))
                .Concat(Plan.Scenarios.SelectMany(Scenario))
        );

    /// <summary>A scenario's file, read once: what is tried is what the fingerprint was made of, whatever is edited meanwhile.</summary>
    public byte[] Content(string file)
    {
        if (!contents.TryGetValue(file, out var content))
        {
            contents[file] = content = File.ReadAllBytes(Path.Combine(Manifest.Directory, file));
        }
        return content;
    }

    static IEnumerable<Input> Files(string kind, IReadOnlyList<PackageFile> files) =>
        files
            .OrderBy(file => file.FileName, StringComparer.Ordinal)
            .Select(file => new Input($"{kind} {file.FileName}", file.Digests.Sha256));

    IEnumerable<Input> Scenario(Scenario scenario)
    {
        yield return new Input($"{scenario.Name}: start", $"{scenario.Start} {scenario.Port}");
        foreach (var (path, file) in scenario.Files.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            yield return new Input($"{scenario.Name}: {path}", Convert.ToHexStringLower(SHA256.HashData(Content(file))));
        }
        foreach (var (check, number) in scenario.Checks.Select((check, number) => (check, number)))
        {
            var headers = string.Join(
                ' ',
                check.Headers.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key}={each.Value}")
            );
            yield return new Input(
                $"{scenario.Name}: check {number + 1}",
                $"{check.Path} {headers} {check.Status} {check.Contains} {check.Length} {check.ContentType}"
            );
        }
    }
}
