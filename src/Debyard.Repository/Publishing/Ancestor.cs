using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>The source of indexes that a publish can reuse: the branch's previous state, or the parent of a new branch.</summary>
sealed record Ancestor(BranchName Name, BranchFolder Folder, BranchContents Contents);
