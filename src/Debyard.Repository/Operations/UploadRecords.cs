using System.Text;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Debian.Uploads;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>
/// The .changes and .buildinfo files that dput and other uploaders send along with packages, kept with the branch as they were sent.
/// Their signatures are not verified.
/// </summary>
public sealed class UploadRecords
{
    /// <summary>The largest size of one file, in bytes.</summary>
    public const int MaxSize = 1024 * 1024;

    /// <summary>Why source packages are refused, and what to do.</summary>
    public const string SourcePackage =
        "Source packages are not supported; upload the result of a build without source, such as dpkg-buildpackage --build=binary.";

    /// <summary>Why packages of the Debian installer are refused.</summary>
    public const string InstallerPackage = "A .udeb is a package for the Debian installer; branches hold packages for apt only.";

    static readonly UTF8Encoding strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly PublishContext context;

    internal UploadRecords(PublishContext context) => this.context = context;

    /// <summary>Keeps a file, replacing an earlier one of the same name. The branch is created if it does not exist.</summary>
    /// <returns>False if the branch had exactly this content.</returns>
    /// <exception cref="InvalidUploadException">
    /// The content is invalid, or the branch does not have exactly the files that the .changes file lists.
    /// </exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<bool> KeepAsync(Branch branch, WriterIdentity writer, UploadRecordName name, byte[] content)
    {
        var listed = Parse(name, content);
        await branch.ChangeAsync(async transaction =>
        {
            await transaction.AuthorizeAsync(writer, [name.Source]);
            var problems = new List<string>();
            foreach (var file in listed)
                if (await FindProblemAsync(transaction, branch.Folder, file) is { } problem)
                    problems.Add(problem);
            if (problems.Count > 0)
                throw new InvalidUploadException($"{name} is not accepted. {string.Join(' ', problems)}");
            transaction.EnsureExists(writer);
            return true;
        });
        // The folder of a new branch exists only after that publish.
        return await branch.RelocateAsync(state =>
            state.Exists
                ? Task.FromResult((state, Write(branch.Folder.UploadRecord(name), content)))
                : throw BranchMissingException.For(branch.Name.Value)
        );
    }

    /// <summary>The file as it was sent; null if the branch has none of this name.</summary>
    public static async Task<byte[]?> FindAsync(BranchFolder folder, UploadRecordName name)
    {
        try
        {
            return await File.ReadAllBytesAsync(folder.UploadRecord(name));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    static IReadOnlyList<ChangesEntry> Parse(UploadRecordName name, byte[] content)
    {
        try
        {
            var stanza = Stanza.Parse(ClearSignedText.Unwrap(strictUtf8.GetString(content)));
            name.Check(stanza);
            return name.IsChanges ? ChangesFile.Parse(stanza).Files : [];
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidUploadException($"{name} is not UTF-8 text.");
        }
        catch (DebianFormatException fault)
        {
            throw new InvalidUploadException($"{name}: {fault.Message}");
        }
    }

    static async Task<string?> FindProblemAsync(BranchTransaction transaction, BranchFolder folder, ChangesEntry file)
    {
        if (DebFileName.TryParse(file.Name, out var package))
            return FindPackageProblem(transaction, file, package);
        if (UploadRecordName.TryParse(file.Name, out var record) && !record.IsChanges)
            return await FindRecordProblemAsync(folder, file, record);
        return IsOfSourcePackage(file.Name) ? $"{file.Name}: {SourcePackage}"
            : file.Name.EndsWith(".udeb", StringComparison.Ordinal) ? $"{file.Name}: {InstallerPackage}"
            : $"{file.Name}: this is neither a .deb nor a .buildinfo file; remove it from the .changes file.";
    }

    static string? FindPackageProblem(BranchTransaction transaction, ChangesEntry file, DebFileName name)
    {
        var contradictions = transaction
            .Contents.SuiteComponents.Select(suiteComponent => transaction.Find(suiteComponent, name))
            .OfType<ListedPackage>()
            .Select(listed => AnnouncedDigests.Of(file.Digests).Contradiction(listed.Package.Digests))
            .ToList();
        return contradictions.Count == 0 ? $"{file.Name}: {transaction.Name} does not list it; upload it first, then the .changes file."
            : contradictions.Contains(null) ? null
            : $"{file.Name}: {transaction.Name} lists it with other content: {contradictions[0]}. "
                + "Upload the package of this build first; if the branch refuses it, raise the version.";
    }

    static async Task<string?> FindRecordProblemAsync(BranchFolder folder, ChangesEntry file, UploadRecordName name)
    {
        if (await FindAsync(folder, name) is not { } kept)
            return $"{file.Name}: it was not uploaded; upload it first, then the .changes file.";
        var digests = await FileDigests.ComputeAsync(new MemoryStream(kept));
        return AnnouncedDigests.Of(file.Digests).Contradiction(digests) is { } contradiction
            ? $"{file.Name}: the one that was uploaded has other content: {contradiction}. Upload that of this build first."
            : null;
    }

    static bool IsOfSourcePackage(string name) =>
        name.EndsWith(".dsc", StringComparison.Ordinal)
        || name.EndsWith(".diff.gz", StringComparison.Ordinal)
        || name.Contains(".tar.", StringComparison.Ordinal);

    bool Write(string path, byte[] content)
    {
        var isNew = !File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        if (isNew)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            context.Layout.Replace(path, content);
        }
        // Even if it was there: the flush may have failed then.
        context.Flush();
        return isNew;
    }
}
