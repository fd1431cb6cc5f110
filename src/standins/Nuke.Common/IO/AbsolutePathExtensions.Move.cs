namespace Nuke.Common.IO;

/// <summary>What to do with files that already exist at the target.</summary>
[Flags]
public enum ExistsPolicy
{
    DirectoryFail = 1,
    DirectoryMerge = 2,
    FileFail = 4,
    FileSkip = 8,
    FileOverwrite = 16,
    FileOverwriteIfNewer = 32,
    Fail = DirectoryFail | FileFail,
    MergeAndSkip = DirectoryMerge | FileSkip,
    MergeAndOverwrite = DirectoryMerge | FileOverwrite,
    MergeAndOverwriteIfNewer = DirectoryMerge | FileOverwriteIfNewer,
}

public static partial class AbsolutePathExtensions
{
    public static AbsolutePath Rename(this AbsolutePath source, string newName, ExistsPolicy policy = ExistsPolicy.Fail) =>
        source.Move(source.Parent / newName, policy);

    public static AbsolutePath MoveToDirectory(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true
    ) => source.Move(target / source.Name, policy, createDirectories);

    public static AbsolutePath CopyToDirectory(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null,
        Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true
    ) => source.Copy(target / source.Name, policy, excludeDirectory, excludeFile, createDirectories);

    /// <returns>The target; the source where an existing file was to be kept.</returns>
    public static AbsolutePath Move(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        bool createDirectories = true,
        bool deleteRemainingFiles = false
    )
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (source.FileExists())
            return Transfer(source, target, policy, createDirectories, () => File.Move(source, target, overwrite: true));

        PrepareDirectory(source, target, policy, createDirectories);
        foreach (var directory in source.GetDirectories().ToList())
            directory.Move(target / directory.Name, policy);
        foreach (var file in source.GetFiles().ToList())
            file.Move(target / file.Name, policy);
        if (deleteRemainingFiles || !Directory.EnumerateFileSystemEntries(source).Any())
            source.DeleteDirectory();
        return target;
    }

    /// <returns>The target; the source where an existing file was to be kept.</returns>
    public static AbsolutePath Copy(
        this AbsolutePath source,
        AbsolutePath target,
        ExistsPolicy policy = ExistsPolicy.Fail,
        Func<AbsolutePath, bool> excludeDirectory = null,
        Func<AbsolutePath, bool> excludeFile = null,
        bool createDirectories = true
    )
    {
        Assert.True(source.DirectoryExists() || source.FileExists());
        if (source.FileExists())
            return Transfer(source, target, policy, createDirectories, () => File.Copy(source, target, overwrite: true));

        PrepareDirectory(source, target, policy, createDirectories);
        foreach (var directory in source.GetDirectories().Where(x => excludeDirectory?.Invoke(x) != true).ToList())
            directory.Copy(target / directory.Name, policy, excludeDirectory, excludeFile);
        foreach (var file in source.GetFiles().Where(x => excludeFile?.Invoke(x) != true).ToList())
            file.Copy(target / file.Name, policy);
        return target;
    }

    static AbsolutePath Transfer(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories, Action transfer)
    {
        if (target.FileExists() && !MayReplace())
            return source;
        if (createDirectories)
            target.Parent.CreateDirectory();
        transfer();
        return target;

        bool MayReplace() =>
            policy switch
            {
                _ when policy.HasFlag(ExistsPolicy.FileSkip) => false,
                _ when policy.HasFlag(ExistsPolicy.FileOverwrite) => true,
                _ when policy.HasFlag(ExistsPolicy.FileOverwriteIfNewer) => File.GetLastWriteTimeUtc(target)
                    < File.GetLastWriteTimeUtc(source),
                _ => throw new IOException($"File '{target}' already exists"),
            };
    }

    static void PrepareDirectory(AbsolutePath source, AbsolutePath target, ExistsPolicy policy, bool createDirectories)
    {
        Assert.False(source.Contains(target), $"Target directory '{target}' must not be in source directory '{source}'");
        Assert.True(!target.DirectoryExists() || policy.HasFlag(ExistsPolicy.DirectoryMerge), "Policy disallows merging directories");
        if (createDirectories)
            target.CreateDirectory();
    }
}
