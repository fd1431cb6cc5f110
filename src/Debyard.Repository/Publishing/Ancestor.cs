using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>What a publish can reuse indexes from: the branch as it was, or the parent a new branch starts from.</summary>
sealed record Ancestor(BranchName Name, BranchFolder Folder, BranchContents Contents);
