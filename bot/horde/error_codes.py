"""Meaning of each rc of the Horde, as sentences for the requester.

The names are from every `raise` of the server (5.1.5) and from the pages about 5.1.14; some are in
no published list, so an unknown one must always be expected. The server's own messages are not
shown: one of them repeats the API key, and those of 404 contain suggestions of other addresses.
"""

from dataclasses import dataclass, replace

from bot.i18n import N_, _


@dataclass(frozen=True, slots=True)
class Code:
    """`sentence`: translated where it is used. `private`: it concerns an account and is not shown
    in the channel.
    """

    sentence: str
    private: bool = False


_ANONYMOUS = N_("The anonymous account cannot do this. Set a key with `/account login`.")
_OTHER_ACCOUNT = N_("This belongs to another account.")
_SERVICE = N_("Only service accounts of the Horde can do this.")
_GIFT = N_("A gift must be more than 0 kudos.")
_ACCOUNT = {
    "InvalidAPIKey": N_(
        "The Horde does not know this API key. Set another key with `/account login`."
    ),
    "UserNotFound": N_("The Horde does not know this account or API key."),
    "DeletedUser": N_("This account of the Horde is about to be deleted and cannot be used."),
    "KudosUpfront": N_(
        "The Horde needs kudos in advance for this size, and the account has too few. Choose a "
        "smaller size or fewer steps, or use another key with `/account login`."
    ),
    "SharedKeyEmpty": N_(
        "This shared key has no kudos left. Use another key with `/account login`."
    ),
    "SharedKeyExpired": N_("This shared key has expired. Use another key with `/account login`."),
    "SharedKeyAssignedStyles": N_("This shared key can be used with its own styles only."),
    "SharedKeyInsufficientKudos": N_(
        "This shared key has too few kudos left. Ask for less, or use another key with "
        "`/account login`."
    ),
    "NoSharedKeyModSelected": N_("No change of the shared key was given."),
    "OnlyServiceAccountProxy": _SERVICE,
    "RequiresTrust": N_(
        "Only trusted accounts can turn batching off for more than one image. Ask for one image, "
        "or leave batching on."
    ),
    "MoreThanMinExtraSourceImage": N_(
        "Only trusted accounts can send more than one extra image. Remove the others, or use the "
        "key of a trusted account with `/account login`."
    ),
    "BetaAnonForbidden": N_(
        "The anonymous account cannot use this model. Set a key with `/account login`."
    ),
    "AnonForbidden": _ANONYMOUS,
    "AnonForbiddenUser": _ANONYMOUS,
    "StylesAnonForbidden": N_("The anonymous account cannot own styles."),
    "StylesRequiresCustomizer": N_(
        "This account cannot create styles. The Horde allows that to accounts with the customizer "
        "role only."
    ),
    "UntrustedTeamCreation": N_("Only trusted accounts can create a team."),
    "NotOwner": _OTHER_ACCOUNT,
    "NotUserOrMod": _OTHER_ACCOUNT,
    "NotRequestOwner": N_("Another account submitted this request."),
    "SharedKeyInvalid": N_("The Horde does not know this shared key."),
    "NotModerator": N_("Only moderators of the Horde can do this."),
    "NotAdmin": N_("Only administrators of the Horde can do this."),
    "NonServiceForbidden": _SERVICE,
    "MessagesOnlyOwnWorkers": N_("Only the owner of a worker can read or write its messages."),
    "KudosTransferNotEnough": N_("The account has too few kudos for this gift."),
    "InvalidTargetUsername": N_(
        "The Horde has no account with this name. A name looks like `name#123`."
    ),
    "KudosTransferToAnon": N_("The anonymous account cannot receive kudos."),
    "KudosTransferToSelf": N_("An account cannot give kudos to itself."),
    "KudosTransferFromAnon": N_("The anonymous account cannot give kudos."),
    "NegativeKudosTransfer": _GIFT,
    "InvalidKudosTransferAmount": _GIFT,
    "TooFastKudosTransfers": N_("Kudos can be given back only after a minute. Try again later."),
    "SourceAccountFlagged": N_("The Horde does not allow this account to give kudos."),
    "TargetAccountFlagged": N_("The Horde does not allow that account to receive kudos."),
    "EducationCannotSendKudos": N_("An education account cannot give kudos."),
    "FaultWhenKudosSending": N_("The Horde could not take the kudos from the account."),
    "FaultWhenKudosReceiving": N_("The Horde could not give the kudos to that account."),
    "IdempotencyKeyConflict": N_(
        "This gift was already made with another amount or another receiver."
    ),
}

_UNREADABLE = N_("The Horde could not read the image. Save it as PNG and upload it again.")
_NO_CONTROLNET = N_("ControlNet does not work with this model. Choose an SD 1.5 model.")
_FEW_ACCOUNTS = N_("This model is available to a few accounts only. Choose another one.")
_BAD_CHARACTER = N_("The text contains a character that the Horde does not accept.")
_OTHER_KIND = N_("This style is for the other kind of request. Choose another style.")
_NO_SETTING = N_("This sampler does not have this setting. Remove the setting.")
_OUT_OF_RANGE = N_("The Horde does not accept this value. Choose another value.")
_REQUEST = {
    "CorruptPrompt": N_("The filter of the Horde refused this prompt. Change the prompt."),
    "UntrustedUnsafeIP": N_(
        "The Horde does not accept images from the address of the bot at the moment."
    ),
    "MissingPrompt": N_("The prompt is empty."),
    "InvalidPromptSize": N_("The prompt is too long. It can have 7,500 words at most."),
    "BadRequest": N_("The Horde does not accept this combination of options. Change one of them."),
    "Forbidden": N_("The Horde does not allow this with these options. Change one of them."),
    "WorkerNotFound": N_("The Horde has no worker with this id. Check the id or remove it."),
    "StyleNotFound": N_("The Horde has no style with this name or id."),
    "Image styleNotFound": N_("The Horde has no image style with this name or id."),
    "Text styleNotFound": N_("The Horde has no text style with this name or id."),
    "Style exampleNotFound": N_("The Horde has no such example of a style."),
    "CollectionNotFound": N_("The Horde has no collection with this name or id."),
    "TeamNotFound": N_("The Horde has no such team."),
    "WorkermessageNotFound": N_("The Horde has no such message to a worker."),
    "TooManyExtraSourceImages": N_("A request can have 5 extra images at most."),
    "InvalidExtraSourceImages": N_("Extra images can only be used for a remix."),
    "InvalidExtraTexts": N_("Extra texts can only be used with the QR code workflow."),
    "MissingExtraTexts": N_("The QR code workflow needs the text of the code."),
    "TooManyUpscalers": N_("A request can have one upscaler at most."),
    "TooManyLoras": N_("A request can have 5 LoRAs at most."),
    "BadLoraVersion": N_("The version of a LoRA must be a number."),
    "TooManyTIs": N_("A request can have 20 embeddings at most."),
    "BadCFGDecimals": N_("The CFG scale can have 2 decimals at most."),
    "BadCFGNumber": N_("The CFG scale must be a number."),
    "HiResMismatch": N_(
        "The option `hires_fix` does not work with this model. Leave it out or choose another "
        "model."
    ),
    "InvalidTransparencyModel": N_("Transparent images work with SD 1.5 and SDXL models only."),
    "InvalidTransparencyImg2Img": N_("A transparent image cannot have a source image."),
    "InvalidTransparencyCN": N_("Transparent images cannot be made with ControlNet."),
    "InvalidRemix": N_("A remix works with Stable Cascade models only."),
    "ControlNetUnsupported": _NO_CONTROLNET,
    "ControlNetSourceMissing": N_("ControlNet needs a source image."),
    "ControlNetInpaintingMismatch": N_("ControlNet does not work with inpainting."),
    "ControlNetMismatch": _NO_CONTROLNET,
    "ControlNetInvalidPayload": N_("These ControlNet options cannot be combined."),
    "SourceMaskUnnecessary": N_("A mask needs a source image."),
    "InpaintingMissingMask": N_(
        "Inpainting needs an area, a mask, or a source image with transparent parts."
    ),
    "ImageValidationFailed": _UNREADABLE,
    "SourceImageResolutionExceeded": N_("The source image has too many pixels. Use a smaller one."),
    "SourceImageSizeExceeded": N_("The file of the source image is too large. Use a smaller one."),
    "SourceImageUrlInvalid": N_("The Horde found no image at that address."),
    "SourceImageUnreadable": _UNREADABLE,
    "SourceImageRequiredForModel": N_("This model needs a source image. Use `/remix`."),
    "UnexpectedModelName": N_("This model does not create images. Choose another one."),
    "SpecialMissingUsername": _FEW_ACCOUNTS,
    "SpecialMissingPayload": _FEW_ACCOUNTS,
    "BetaComparisonFault": N_("This beta model creates images in pairs only."),
    "BannedClientAgent": N_("The Horde does not accept this bot. The operator must check this."),
    "TokenOverflow": N_("The answer cannot be longer than the context."),
    "MissingFullSamplerOrder": N_("A sampler order must contain all samplers."),
    "TooManyStopSequences": N_("A request can have 128 stop sequences at most."),
    "ExcessiveStopSequence": N_("All stop sequences together can have 2,000 characters at most."),
    "NulByteInPayload": _BAD_CHARACTER,
    "TooLongWorkerName": N_("This name of a worker is too long."),
    "WorkerNameAlreadyExists": N_("A worker with this name exists already."),
    "ProfaneWorkerName": N_("The Horde does not accept this name of a worker."),
    "ProfaneWorkerInfo": N_("The Horde does not accept this description of a worker."),
    "TooLongUserName": N_("This name is too long."),
    "ProfaneUserName": N_("The Horde does not accept this name."),
    "TeamNameAlreadyExists": N_("A team with this name exists already."),
    "NoWorkerModSelected": N_("No change of the worker was given."),
    "PolymorphicNameConflict": N_("This name is already taken."),
    "SamplerKnobInapplicable": _NO_SETTING,
    "SamplerKnobOutOfRange": _OUT_OF_RANGE,
    "SamplerSolverTypeUnsupported": _NO_SETTING,
    "SamplerSchedulerMismatch": N_(
        "This sampler does not work with this scheduler. Choose another scheduler."
    ),
    "SchedulerBaselineMismatch": N_(
        "This scheduler does not work with this model. Choose another scheduler."
    ),
    "FlowShiftInapplicable": N_(
        "The option `flow_shift` works with Flux and Qwen models only. Leave it out or choose "
        "another model."
    ),
    "FlowShiftOutOfRange": _OUT_OF_RANGE,
    "ControlStrengthWithoutControlType": N_("The strength of ControlNet needs a control type."),
    "ControlStrengthOutOfRange": _OUT_OF_RANGE,
    "InvalidControlType": N_("The Horde does not know this control type. Choose another one."),
    "InvalidPromptEncoding": _BAD_CHARACTER,
    "PromptExceedsContext": N_(
        "The prompt and the answer do not fit into the context. Make the prompt shorter."
    ),
    "StyleMismatch": _OTHER_KIND,
    "StyleGetMistmatch": _OTHER_KIND,
    "StylePromptMissingVars": N_(
        "The prompt of a style must contain `{p}`, for images `{np}` too."
    ),
    "StylePromptFieldInvalid": N_("A placeholder in the prompt of a style must be a name only."),
    "StylePolicyOverridableMisplaced": N_(
        "A list of parameters is possible with the policy `listed` only."
    ),
    "StyleParameterAboveCeiling": N_(
        "A value is larger than this style allows. Choose a smaller one."
    ),
    "StyleDeclarationInvalid": N_("This style is no longer valid. Choose another style."),
    "TemplateFieldsRequireStyle": N_("Texts for a style need a style."),
    "TemplateFieldUnknown": N_("This style has no such field."),
    "TemplateFieldMissing": N_("This style needs a text that was not given."),
    "TemplateFieldsMatchNoCollectionStyle": N_("No style of this collection has these fields."),
    "TooManyStyleExamples": N_("A style can have 4 examples at most."),
    "ExampleURLAlreadyInUse": N_("This style has an example with this address already."),
    "ProfaneTeamName": N_("The Horde does not accept this name of a team."),
    "ProfaneTeamInfo": N_("The Horde does not accept this description of a team."),
    "ProfaneUserContact": N_("The Horde does not accept this contact."),
    "NoUserModSelected": N_("No change of the account was given."),
    "NoTeamModSelected": N_("No change of the team was given."),
    "AestheticsNotPublic": N_("The Horde accepts no rating of this image."),
    "Locked": N_("The Horde still needs this worker for a request. Try again in 20 minutes."),
}

_CODES = {rc: Code(sentence, private=True) for rc, sentence in _ACCOUNT.items()} | {
    rc: Code(sentence) for rc, sentence in _REQUEST.items()
}


def meaning(rc: str) -> Code:
    """Code for that rc, with its sentence in the current language; for an unknown one its name."""
    known = _CODES.get(rc)
    if known is None:
        return Code(_("The Horde refused the request ({code}).").format(code=rc))
    return replace(known, sentence=_(known.sentence))
