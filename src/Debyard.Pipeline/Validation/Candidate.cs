using System.Security.Cryptography;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Packages to validate before they are published, with all that the validation depends on. A verdict is valid for exactly these
/// packages, dependencies, base and checks.
/// </summary>
public sealed record Candidate(Manifest Manifest, IReadOnlyList<PackageFile> Packages, IReadOnlyList<PackageFile> Dependencies, Image Base)
{
    readonly Dictionary<string, byte[]> contents = [];

    public ValidationPlan Plan => Manifest.Validation!;

    /// <summary>The fingerprint that a verdict is kept for.</summary>
    public Fingerprint Fingerprint =>
        field ??= Fingerprint.Over(
            Files("package", Packages)
                .Concat(Files("dependency", Dependencies))
                .Append(new Input("base", Base.Fingerprint.Value))
                .Append(new Input("install", string.Join(' ', Plan.Install)))
                .Concat(Plan.Scenarios.SelectMany(Scenario))
        );

    /// <summary>A file of a scenario. It is read once, so that edits during the run do not get into the validation.</summary>
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
            .Select(file => new Input($"{kind} {file.FileName}", file.Digests.Sha256.ToString()));

    IEnumerable<Input> Scenario(Scenario scenario)
    {
        yield return new Input($"{scenario.Name}: start", $"{scenario.Start} {scenario.Port}");
        foreach (var (path, file) in scenario.Files.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            yield return new Input($"{scenario.Name}: {path}", Convert.ToHexStringLower(SHA256.HashData(Content(file))));
        }
        foreach (var (check, number) in scenario.Checks.Select((check, number) => (check, number)))
        {
            var headers = string.Join(
                ' ',
                check.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}={header.Value}")
            );
            yield return new Input(
                $"{scenario.Name}: check {number + 1}",
                $"{check.Path} {headers} {check.Status} {check.Contains} {check.Length} {check.ContentType}"
            );
        }
    }
}
