using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation.Reports;

namespace Debyard.Pipeline.Validation;

/// <summary>
/// Packages that failed validation, with the report: <c>output/quarantine/&lt;file&gt;/</c>. Nothing is published from there. A package
/// leaves it when it passes.
/// </summary>
public sealed class Quarantine(string folder)
{
    public string Folder => folder;

    public void Add(IEnumerable<PackageFile> packages, ValidationReport report)
    {
        foreach (var package in packages)
        {
            var target = Path.Combine(folder, package.FileName);
            Directory.CreateDirectory(target);
            File.Copy(package.Path!, Path.Combine(target, package.FileName), overwrite: true);
            ReportFiles.Write(report, target);
        }
    }

    public void Remove(IEnumerable<PackageFile> packages)
    {
        foreach (var target in packages.Select(package => Path.Combine(folder, package.FileName)).Where(Directory.Exists))
        {
            Directory.Delete(target, recursive: true);
        }
    }
}
