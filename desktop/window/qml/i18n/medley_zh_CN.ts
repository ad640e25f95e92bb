<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AddPage</name>
    <message>
        <source>Drop a model&apos;s file or folder anywhere on the window, or choose it here: a language model (GGUF), a decoder (a folder from diffusers), ears (Whisper) or a voice (Kokoro). It is used where it lies: nothing is copied, and nothing leaves this computer.</source>
        <translation>把模型的文件或文件夹拖到窗口的任意位置，或在这里选择：语言模型（GGUF）、解码器（diffusers 格式的文件夹）、听觉模型（Whisper）或语音（Kokoro）。模型在原处使用：不复制任何内容，也没有任何内容离开这台电脑。</translation>
    </message>
    <message>
        <source>Looking at the model …</source>
        <translation>正在查看模型…</translation>
    </message>
    <message>
        <source>Choose a file …</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Another file …</source>
        <translation>其他文件…</translation>
    </message>
    <message>
        <source>Choose a folder …</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Another folder …</source>
        <translation>其他文件夹…</translation>
    </message>
    <message>
        <source>From LM Studio, Ollama, Jan …</source>
        <translation>来自 LM Studio、Ollama、Jan…</translation>
    </message>
    <message>
        <source>Get one from the catalogue …</source>
        <translation>从目录中获取…</translation>
    </message>
</context>
<context>
    <name>AnswerToggles</name>
    <message>
        <source>May answer with</source>
        <translation>可以用来回答</translation>
    </message>
    <message>
        <source>May answer with: %1</source>
        <translation>可以用来回答：%1</translation>
    </message>
    <message>
        <source>%1: allowed in the answer</source>
        <translation>%1：回答中允许</translation>
    </message>
    <message>
        <source>%1: not allowed in the answer</source>
        <translation>%1：回答中不允许</translation>
    </message>
</context>
<context>
    <name>AttachmentChip</name>
    <message>
        <source>Medley cannot read this kind of file</source>
        <translation>Medley 读不了这种文件</translation>
    </message>
    <message>
        <source>This file is empty</source>
        <translation>这个文件是空的</translation>
    </message>
    <message>
        <source>This file is not there any more</source>
        <translation>这个文件已经不在了</translation>
    </message>
    <message>
        <source>This is a folder: give the files in it</source>
        <translation>这是文件夹，请添加其中的文件</translation>
    </message>
    <message>
        <source>This file may not be read</source>
        <translation>没有权限读取这个文件</translation>
    </message>
    <message>
        <source>This is a device, not a file</source>
        <translation>这是设备，不是文件</translation>
    </message>
    <message>
        <source>This file is broken or cut short</source>
        <translation>这个文件已损坏或不完整</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Delete takes it away, Ctrl with the arrow keys moves it</source>
        <translation>按 Delete 移除，按 Ctrl 加方向键移动</translation>
    </message>
    <message>
        <source>%1. It is not sent.</source>
        <translation>%1。它不会被发送。</translation>
    </message>
    <message>
        <source>Reading …</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Take away %1</source>
        <translation>移除 %1</translation>
    </message>
</context>
<context>
    <name>AttachmentStrip</name>
    <message>
        <source>Attached files</source>
        <translation>附加的文件</translation>
    </message>
</context>
<context>
    <name>BranchSwitch</name>
    <message>
        <source>Earlier version</source>
        <translation>上一个版本</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Version %1 of %2</source>
        <translation>第 %1 个版本，共 %2 个</translation>
    </message>
    <message>
        <source>Later version</source>
        <translation>下一个版本</translation>
    </message>
</context>
<context>
    <name>BundleCard</name>
    <message>
        <source>Answers everyday questions in English and Chinese with a small language model, hears and reads what you give it through other models, and makes Pocket&apos;s pictures, sounds and clips, and clip art. It makes mistakes, and has no clock and no internet.</source>
        <translation>用一个小型语言模型以中文和英文回答日常问题，借助其他模型听和读你给它的内容，并能生成 Pocket 的图片、声音和视频以及剪贴画。它会出错，没有时钟，也不联网。</translation>
    </message>
    <message>
        <source>The very small model that comes with Medley: a whole NExT-GPT in miniature, trained from nothing. It knows twelve things in eight colours and four places, with their sounds and simple motions, and nothing of the world outside.</source>
        <translation>Medley 自带的很小的模型：一个从零训练的微型 NExT-GPT。它认识十二种东西，有八种颜色、四种地方，以及它们的声音和简单的动作，对外面的世界一无所知。</translation>
    </message>
    <message>
        <source>%1, in use</source>
        <translation>%1，正在使用</translation>
    </message>
    <message>
        <source>projected: the model&apos;s own states drive the decoders</source>
        <translation>投影式：由模型自身的状态驱动解码器</translation>
    </message>
    <message>
        <source>captioned: the model writes captions for the decoders</source>
        <translation>描述式：由模型为解码器写出描述</translation>
    </message>
    <message>
        <source>Trying every part …</source>
        <translation>正在逐一试用各部分……</translation>
    </message>
    <message>
        <source>Reading the files: %1 %</source>
        <translation>正在读取文件：%1%</translation>
    </message>
    <message>
        <source>Every file is as it should be.</source>
        <translation>所有文件都完好无误。</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用这一个</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>使用 %1</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Verify %1</source>
        <translation>校验 %1</translation>
    </message>
</context>
<context>
    <name>BundleSheet</name>
    <message>
        <source>Bundles</source>
        <translation>模型包</translation>
    </message>
    <message>
        <source>A bundle is a folder with a language model, an encoder and decoders. It decides what Medley knows and what it can make.</source>
        <translation>模型包是一个文件夹，里面有语言模型、编码器和解码器。它决定 Medley 知道什么、能做什么。</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>添加文件夹…</translation>
    </message>
</context>
<context>
    <name>CameraSheet</name>
    <message>
        <source>This system does not let Medley use the camera. Allow it in the system&apos;s settings, then try again.</source>
        <translation>系统不允许 Medley 使用摄像头。请在系统设置中允许，然后重试。</translation>
    </message>
    <message>
        <source>The camera is used by another program. Close that program, then try again.</source>
        <translation>摄像头正被其他程序使用。请关闭该程序，然后重试。</translation>
    </message>
    <message>
        <source>The camera gives no pictures any more. Connect it again, then try again.</source>
        <translation>摄像头不再传来画面。请重新连接，然后重试。</translation>
    </message>
    <message>
        <source>The clip could not be cut. Keep all of it, or take it again.</source>
        <translation>无法剪辑这段视频。请保留整段，或重新拍摄。</translation>
    </message>
    <message>
        <source>There is no camera. Connect one, then try again.</source>
        <translation>没有摄像头。请连接一个，然后重试。</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>Writing the clip …</source>
        <translation>正在保存视频…</translation>
    </message>
    <message>
        <source>Clip taken</source>
        <translation>视频已录好</translation>
    </message>
    <message>
        <source>Picture taken</source>
        <translation>照片已拍好</translation>
    </message>
    <message>
        <source>The camera is on</source>
        <translation>摄像头已开启</translation>
    </message>
    <message>
        <source>Waiting for the camera …</source>
        <translation>正在等待摄像头…</translation>
    </message>
    <message>
        <source>Beginning of what is kept</source>
        <translation>保留部分的开头</translation>
    </message>
    <message>
        <source>End of what is kept</source>
        <translation>保留部分的结尾</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>添加为附件</translation>
    </message>
    <message>
        <source>Take a picture</source>
        <translation>拍一张</translation>
    </message>
    <message>
        <source>Record a clip</source>
        <translation>录一段视频</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Take again</source>
        <translation>重拍</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>CandidateCard</name>
    <message>
        <source>pictures and sounds</source>
        <translation>图片和声音</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>trained for %1 tokens</source>
        <translation>训练长度 %1 个词元</translation>
    </message>
    <message>
        <source>can think before it answers</source>
        <translation>回答前可以思考</translation>
    </message>
    <message>
        <source>%1 voices</source>
        <translation>%1 种语音</translation>
    </message>
    <message>
        <source>many languages</source>
        <translation>多种语言</translation>
    </message>
    <message>
        <source>takes in %1 itself</source>
        <translation>自己能接收%1</translation>
    </message>
    <message>
        <source>licence %1</source>
        <translation>许可证 %1</translation>
    </message>
    <message>
        <source>states no licence</source>
        <translation>未注明许可证</translation>
    </message>
    <message>
        <source>Which of the models that were found</source>
        <translation>找到的模型中的哪一个</translation>
    </message>
    <message>
        <source>Takes in pictures or sounds by</source>
        <translation>接收图片或声音所用的文件</translation>
    </message>
    <message>
        <source>Only you know which file (mmproj) belongs to this model.</source>
        <translation>只有你知道哪个文件（mmproj）属于这个模型。</translation>
    </message>
    <message>
        <source>nothing: words alone</source>
        <translation>无：只接收文字</translation>
    </message>
    <message>
        <source>Its name in Medley</source>
        <translation>它在 Medley 中的名称</translation>
    </message>
    <message>
        <source>You added this model already, as %1.</source>
        <translation>你已经以 %1 为名添加了这个模型。</translation>
    </message>
    <message>
        <source>Reading the files once, to know them again:</source>
        <translation>正在读取一遍文件，以便以后认出它们：</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>在这里使用</translation>
    </message>
    <message>
        <source>It stays where it is; Medley links to it.</source>
        <translation>它留在原处，Medley 只建立链接。</translation>
    </message>
</context>
<context>
    <name>ClipCard</name>
    <message>
        <source>Clip: %1</source>
        <translation>视频：%1</translation>
    </message>
    <message>
        <source>Pause the clip</source>
        <translation>暂停视频</translation>
    </message>
    <message>
        <source>Play the clip</source>
        <translation>播放视频</translation>
    </message>
    <message>
        <source>Place in the clip</source>
        <translation>视频中的位置</translation>
    </message>
    <message>
        <source>Play in a loop</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Sound on</source>
        <translation>打开声音</translation>
    </message>
    <message>
        <source>Sound off</source>
        <translation>关闭声音</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Code in %1</source>
        <translation>%1 代码</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>复制代码</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Your message</source>
        <translation>你的消息</translation>
    </message>
    <message>
        <source>Ask for words, a picture, a sound or a clip</source>
        <translation>想要文字、图片、声音还是视频？</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter begins a new line</source>
        <translation>Enter 发送，Shift+Enter 换行</translation>
    </message>
    <message>
        <source>Reading files …</source>
        <translation>正在读取文件…</translation>
    </message>
    <message>
        <source>Stop answering</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Attach pictures, sounds, clips or documents</source>
        <translation>添加图片、声音、视频或文档</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
</context>
<context>
    <name>ContextMeter</name>
    <message>
        <source>This conversation fills about %1 % of what %2 can read at once: some %3 of %4 tokens.</source>
        <translation>这个对话约占%2一次能读内容的 %1%：约 %3 / %4 个词元。</translation>
    </message>
    <message>
        <source>This conversation fills %1 % of what the model can read at once: %2 of %3 tokens.</source>
        <translation>这个对话占模型一次能读内容的 %1%：%2 / %3 个词元。</translation>
    </message>
    <message>
        <source>The oldest messages (%1) are left out already.</source>
        <translation>最早的消息（%1 条）已经略去。</translation>
    </message>
    <message>
        <source>Soon the oldest messages will be left out.</source>
        <translation>最早的消息很快就会被略去。</translation>
    </message>
    <message>
        <source>Context: %1 %</source>
        <translation>上下文：%1%</translation>
    </message>
    <message>
        <source>Context full</source>
        <translation>上下文已满</translation>
    </message>
    <message>
        <source>Context nearly full</source>
        <translation>上下文快满了</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>ConversationList</name>
    <message>
        <source>Conversations found</source>
        <translation>找到的对话</translation>
    </message>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Nothing found. Try fewer or other words.</source>
        <translation>没有找到。请减少或更换关键词。</translation>
    </message>
    <message>
        <source>Your conversations will be here.</source>
        <translation>你的对话会出现在这里。</translation>
    </message>
</context>
<context>
    <name>ConversationMenu</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>ConversationRow</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>%1, being answered</source>
        <translation>%1，正在回答</translation>
    </message>
    <message>
        <source>Name of the conversation</source>
        <translation>对话名称</translation>
    </message>
    <message>
        <source>Delete “%1”</source>
        <translation>删除“%1”</translation>
    </message>
    <message>
        <source>More for “%1”</source>
        <translation>“%1”的更多操作</translation>
    </message>
</context>
<context>
    <name>ConversationSheet</name>
    <message>
        <source>This conversation</source>
        <translation>这个对话</translation>
    </message>
    <message>
        <source>What Medley is told before it answers</source>
        <translation>回答之前告诉 Medley 的话</translation>
    </message>
    <message>
        <source>For example: answer in rhymes; you are a patient teacher; keep to three sentences. Left empty, it is what the bundle says.</source>
        <translation>例如：用押韵的句子回答；你是一位耐心的老师；不超过三句话。留空则使用模型包自带的说明。</translation>
    </message>
    <message>
        <source>%1 cannot be told anything: it refuses to answer where there is something here. Choose another model, or leave this empty.</source>
        <translation>%1不接受这样的说明：这里写了内容，它就无法回答。请选别的模型，或者留空。</translation>
    </message>
    <message>
        <source>Think first</source>
        <translation>先思考</translation>
    </message>
    <message>
        <source>The model thinks before each answer, which often makes it better and takes longer. What it thought can be opened above the answer.</source>
        <translation>模型在每次回答前先思考，回答往往更好，但用时更长。思考的内容可以在回答上方展开查看。</translation>
    </message>
    <message>
        <source>A temperature of its own</source>
        <translation>单独的温度</translation>
    </message>
    <message>
        <source>Low is steady and plain, high is varied and bold. The model&apos;s own is %1.</source>
        <translation>低则稳定平实，高则多变大胆。模型自己的是 %1。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Only the likeliest words (top-p)</source>
        <translation>只用最可能的词（top-p）</translation>
    </message>
    <message>
        <source>A small share leaves out what is unlikely. The model&apos;s own is %1.</source>
        <translation>比例小，就不用不太可能的词。模型自己的是 %1。</translation>
    </message>
    <message>
        <source>Share of the likeliest words</source>
        <translation>最可能的词的比例</translation>
    </message>
    <message>
        <source>The longest answer</source>
        <translation>回答最长多少</translation>
    </message>
    <message>
        <source>A longer one is cut there. The model&apos;s own is %1 tokens, and it reads %2 at once, questions and answers together.</source>
        <translation>更长的会在那里截断。模型自己的是 %1 个词元；它一次能读 %2 个，问题和回答都算。</translation>
    </message>
    <message>
        <source>A longer one is cut there.</source>
        <translation>更长的会在那里截断。</translation>
    </message>
    <message>
        <source>Tokens of the longest answer</source>
        <translation>最长回答的词元数</translation>
    </message>
    <message>
        <source>Use from the next answer on</source>
        <translation>从下一个回答起使用</translation>
    </message>
    <message>
        <source>As the bundle has it</source>
        <translation>恢复模型包的设置</translation>
    </message>
</context>
<context>
    <name>DayHeader</name>
    <message>
        <source>Pinned</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>dddd, d MMMM</source>
        <extracomment>Format of a date in this year, see QLocale::toString.</extracomment>
        <translation>M月d日 dddd</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <extracomment>Format of a date in another year.</extracomment>
        <translation>yyyy年M月d日</translation>
    </message>
</context>
<context>
    <name>DetailsSheet</name>
    <message>
        <source>Bundle</source>
        <translation>模型包</translation>
    </message>
    <message>
        <source>Renderer</source>
        <translation>渲染器</translation>
    </message>
    <message>
        <source>%1, version %2</source>
        <translation>%1，版本 %2</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读入</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>Written</source>
        <translation>写出</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>%1 tokens per second</source>
        <translation>每秒 %1 个词元</translation>
    </message>
    <message>
        <source>First word after</source>
        <translation>首词用时</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>加载用时</translation>
    </message>
    <message>
        <source>Reading files</source>
        <translation>读取文件</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>%1 of %2 tokens are full (%3 %)</source>
        <translation>%2 个词元已用 %1 个（%3%）</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>the oldest messages (%1)</source>
        <translation>最早的消息（%1 条）</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>Time to render</source>
        <translation>渲染用时</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 × %2 pixels</source>
        <translation>%1 × %2 像素</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成时间</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
    <message>
        <source>How this answer came about</source>
        <translation>这个回答是怎么来的</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>DocumentCard</name>
    <message>
        <source>%1: %2. Opens in another program.</source>
        <translation>%1：%2。在其他程序中打开。</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop files to attach them</source>
        <translation>松开即可添加文件</translation>
    </message>
    <message>
        <source>Pictures, sounds, clips and documents; a model is added to your models</source>
        <translation>图片、声音、视频和文档；模型会添加到你的模型中</translation>
    </message>
</context>
<context>
    <name>EditMessage</name>
    <message>
        <source>Your message, to be sent again</source>
        <translation>你的消息，将重新发送</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>EmptyPage</name>
    <message>
        <source>What shall it be?</source>
        <translation>想要点什么？</translation>
    </message>
    <message>
        <source>send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>new line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>paste a picture</source>
        <translation>粘贴图片</translation>
    </message>
    <message>
        <source>search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>EngineBanner</name>
    <message>
        <source>The engine is down. %1</source>
        <translation>引擎已停止。%1</translation>
    </message>
    <message>
        <source>The engine is down. You can still read, search and write.</source>
        <translation>引擎已停止。你仍可以阅读、搜索和写作。</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
    <message>
        <source>Bundles …</source>
        <translation>模型包…</translation>
    </message>
</context>
<context>
    <name>EngineChip</name>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>down</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>resting</source>
        <translation>未启动</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Engine: %1, %2</source>
        <translation>引擎：%1，%2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
</context>
<context>
    <name>EnginePanel</name>
    <message>
        <source>The engine: %1</source>
        <translation>引擎：%1</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>Bundle</source>
        <translation>模型包</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>%1 of at most %2</source>
        <translation>%1，上限 %2</translation>
    </message>
    <message>
        <source>Bundles …</source>
        <translation>模型包…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Restart</source>
        <translation>重新启动</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>The picture could not be made</source>
        <translation>图片未能生成</translation>
    </message>
    <message>
        <source>The sound could not be made</source>
        <translation>声音未能生成</translation>
    </message>
    <message>
        <source>The clip could not be made</source>
        <translation>视频未能生成</translation>
    </message>
    <message>
        <source>This could not be made (%1)</source>
        <translation>无法生成（%1）</translation>
    </message>
    <message>
        <source>This answer could not be finished</source>
        <translation>这个回答未能完成</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Restart the engine</source>
        <translation>重新启动引擎</translation>
    </message>
    <message>
        <source>Get the starter</source>
        <translation>获取入门模型包</translation>
    </message>
    <message>
        <source>Answer with %1</source>
        <translation>用%1回答</translation>
    </message>
    <message>
        <source>Choose a bundle</source>
        <translation>选择模型包</translation>
    </message>
    <message>
        <source>Open the settings</source>
        <translation>打开设置</translation>
    </message>
</context>
<context>
    <name>Face</name>
    <message>
        <source>Medley&apos;s face</source>
        <translation>Medley 的脸</translation>
    </message>
    <message>
        <source>Medley&apos;s face: it listens</source>
        <translation>Medley 的脸：正在听</translation>
    </message>
    <message>
        <source>Medley&apos;s face: it hears you</source>
        <translation>Medley 的脸：听到你在说话</translation>
    </message>
    <message>
        <source>Medley&apos;s face: it thinks</source>
        <translation>Medley 的脸：正在思考</translation>
    </message>
    <message>
        <source>Medley&apos;s face: it speaks</source>
        <translation>Medley 的脸：正在说话</translation>
    </message>
    <message>
        <source>Medley&apos;s face: the microphone is muted</source>
        <translation>Medley 的脸：麦克风已静音</translation>
    </message>
    <message>
        <source>Medley&apos;s face: something went wrong</source>
        <translation>Medley 的脸：出了问题</translation>
    </message>
</context>
<context>
    <name>FileSheet</name>
    <message>
        <source>The folder around this one</source>
        <translation>上一级文件夹</translation>
    </message>
    <message>
        <source>Your own folder</source>
        <translation>个人文件夹</translation>
    </message>
    <message>
        <source>Files and folders</source>
        <translation>文件和文件夹</translation>
    </message>
    <message>
        <source>Name of the file</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>There is a file of this name. It will be replaced.</source>
        <translation>已有同名文件，将被替换。</translation>
    </message>
    <message>
        <source>Which files are shown</source>
        <translation>显示哪些文件</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Take this folder</source>
        <translation>选择此文件夹</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>Attach pictures, sounds, clips or documents</source>
        <translation>添加图片、声音、视频或文档</translation>
    </message>
    <message>
        <source>Everything that Medley reads (%1)</source>
        <translation>Medley 能读的所有文件 (%1)</translation>
    </message>
    <message>
        <source>Pictures, sounds and clips (%1)</source>
        <translation>图片、声音和视频 (%1)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Documents (%1)</source>
        <translation>文档 (%1)</translation>
    </message>
    <message>
        <source>Save as</source>
        <translation>另存为</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>导出对话</translation>
    </message>
    <message>
        <source>Archives (*.zip)</source>
        <translation>压缩包 (*.zip)</translation>
    </message>
    <message>
        <source>Import conversations of Medley, ChatGPT, Open WebUI, LM Studio or Jan</source>
        <translation>导入 Medley、ChatGPT、Open WebUI、LM Studio 或 Jan 的对话</translation>
    </message>
    <message>
        <source>Exported conversations (*.zip *.json)</source>
        <translation>导出的对话 (*.zip *.json)</translation>
    </message>
    <message>
        <source>Choose the folder of a bundle</source>
        <translation>选择模型包所在的文件夹</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Models (*.gguf)</source>
        <translation>模型 (*.gguf)</translation>
    </message>
    <message>
        <source>Choose a model&apos;s folder</source>
        <translation>选择模型所在的文件夹</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>Ask for a picture, a sound or a clip</source>
        <translation>说出你想要的图片、声音或视频</translation>
    </message>
    <message>
        <source>Ask, show, or have something made</source>
        <translation>提问、展示，或让它做点什么</translation>
    </message>
    <message>
        <source>Write to Medley, or show it pictures, sounds, clips and documents of your own. One answer can hold words, pictures, sounds and clips. All of it is made on this computer, and nothing leaves it.</source>
        <translation>写给 Medley，或给它看你自己的图片、声音、视频和文档。一个回答可以包含文字、图片、声音和视频。一切都在这台电脑上生成，什么都不会传出去。</translation>
    </message>
    <message>
        <source>You are talking to Pocket</source>
        <translation>正在与你对话的是 Pocket</translation>
    </message>
    <message>
        <source>You are talking to the starter</source>
        <translation>你正在与入门模型包对话</translation>
    </message>
    <message>
        <source>A small language model answers, in English and Chinese: it knows everyday things and makes mistakes, so check what matters. Others hear speech and read pictures and documents for it. Sounds and clips are of Pocket&apos;s little world alone; other pictures are clip art. It has no clock and no internet.</source>
        <translation>由一个小型语言模型以中文和英文回答：它懂得日常的事，也会出错，重要的内容请核对。另有模型替它听语音、读图片和文档。声音和视频只限于 Pocket 的小世界，其他图片是剪贴画。它没有时钟，也不联网。</translation>
    </message>
    <message>
        <source>Pocket is the very small model that comes with Medley. It knows one little world: twelve things such as boats, dogs and bells, in eight colours, in four places, by day and by night, in sun, rain, snow and storm. It does not know the world outside, and what it makes is small and simple.</source>
        <translation>Pocket 是 Medley 自带的一个很小的模型。它只认识一个小小的世界：船、狗、铃铛等十二种东西，八种颜色，四种地方，有白天和夜晚，有晴天、雨、雪和暴风雨。它不了解外面的世界，做出来的东西也小而简单。</translation>
    </message>
    <message>
        <source>Choose another bundle</source>
        <translation>选择其他模型包</translation>
    </message>
    <message>
        <source>Go on without this page</source>
        <translation>跳过这一页</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Starter</source>
        <translation>入门模型包</translation>
    </message>
    <message>
        <source>To talk</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>To hear</source>
        <translation>听</translation>
    </message>
    <message>
        <source>To see</source>
        <translation>看</translation>
    </message>
    <message>
        <source>To notice when you speak</source>
        <translation>察觉你在说话</translation>
    </message>
    <message>
        <source>To speak</source>
        <translation>说</translation>
    </message>
    <message>
        <source>To read</source>
        <translation>读</translation>
    </message>
    <message>
        <source>page %1</source>
        <translation>第 %1 页</translation>
    </message>
    <message>
        <source>line %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>rows %1</source>
        <translation>第 %1 行</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation>还剩 %1 秒</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>还剩 %1 分钟</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>The plugin %1 ended the engine. It is not used again until Medley is started anew; you can switch it off for good.</source>
        <translation>插件 %1 使引擎退出了。在重新启动 Medley 之前不会再使用它；你可以永久停用它。</translation>
    </message>
    <message>
        <source>This bundle reads no documents. The starter does, or choose another bundle.</source>
        <translation>这个模型包读不了文档。入门模型包可以，或者选择其他模型包。</translation>
    </message>
    <message>
        <source>Your message takes %1 % of what this model can read at once. Shorten it, or give fewer or shorter files.</source>
        <translation>你的消息占此模型一次所能读取内容的 %1%。请缩短消息，或减少、缩短文件。</translation>
    </message>
    <message>
        <source>The engine was ended suddenly (signal %1), perhaps because memory ran out. Ask again: it starts anew.</source>
        <translation>引擎突然结束（信号 %1），可能是内存不足。请再问一次：它会重新启动。</translation>
    </message>
    <message>
        <source>The engine ended by itself (code %1). Ask again: it starts anew.</source>
        <translation>引擎自行结束（代码 %1）。请再问一次：它会重新启动。</translation>
    </message>
    <message>
        <source>The engine was stopped before this was finished. Ask again.</source>
        <translation>在完成之前引擎被停止了。请再问一次。</translation>
    </message>
    <message>
        <source>Talks</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Makes pictures</source>
        <translation>生成图片</translation>
    </message>
    <message>
        <source>Makes sounds</source>
        <translation>生成声音</translation>
    </message>
    <message>
        <source>Makes clips</source>
        <translation>生成视频</translation>
    </message>
    <message>
        <source>Hears speech</source>
        <translation>听语音</translation>
    </message>
    <message>
        <source>Speaks</source>
        <translation>说话</translation>
    </message>
</context>
<context>
    <name>FoundLine</name>
    <message>
        <source>added as %1</source>
        <translation>已添加为 %1</translation>
    </message>
</context>
<context>
    <name>FoundLines</name>
    <message>
        <source>%1 %2 …</source>
        <translation>%1 %2……</translation>
    </message>
    <message>
        <source>Listening to</source>
        <translation>正在听</translation>
    </message>
    <message>
        <source>Looking at</source>
        <translation>正在看</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>正在读</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Heard</source>
        <translation>听到</translation>
    </message>
    <message>
        <source>Looks like</source>
        <translation>看起来像</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读到</translation>
    </message>
    <message>
        <source>Read in it</source>
        <translation>其中的文字</translation>
    </message>
    <message>
        <source>%1 to %2, %3 characters – </source>
        <translation>%1 至 %2，共 %3 个字符——</translation>
    </message>
    <message>
        <source>%1 characters – </source>
        <translation>共 %1 个字符——</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
</context>
<context>
    <name>FoundPage</name>
    <message>
        <source>Models of LM Studio, Ollama, Jan, llama.cpp, Hugging Face and GPT4All. They are used where they lie, and not fetched a second time.</source>
        <translation>LM Studio、Ollama、Jan、llama.cpp、Hugging Face 和 GPT4All 的模型。它们在原处使用，不会再次下载。</translation>
    </message>
    <message>
        <source>Looking for other programs …</source>
        <translation>正在查找其他程序…</translation>
    </message>
    <message>
        <source>Looking at the models of %1 …</source>
        <translation>正在查看 %1 的模型…</translation>
    </message>
    <message>
        <source>No other program with models was found on this computer.</source>
        <translation>这台电脑上没有找到带有模型的其他程序。</translation>
    </message>
    <message>
        <source>Models of other programs</source>
        <translation>其他程序的模型</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
</context>
<context>
    <name>Header</name>
    <message>
        <source>Show the conversations</source>
        <translation>显示对话列表</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>This conversation is answered in a manner of its own</source>
        <translation>这个对话有自己的回答方式</translation>
    </message>
    <message>
        <source>How this conversation is answered</source>
        <translation>这个对话的回答方式</translation>
    </message>
</context>
<context>
    <name>LengthChoice</name>
    <message>
        <source>The longest answer</source>
        <translation>回答最长多少</translation>
    </message>
    <message>
        <source>As the model has it</source>
        <translation>按模型自己的</translation>
    </message>
    <message>
        <source>Short: some 100 words</source>
        <translation>短：约 100 字</translation>
    </message>
    <message>
        <source>Medium: some 400 words</source>
        <translation>中：约 400 字</translation>
    </message>
    <message>
        <source>Long: some 1,400 words</source>
        <translation>长：约 1400 字</translation>
    </message>
    <message>
        <source>So many tokens:</source>
        <translation>这么多词元：</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>The library could not be opened</source>
        <translation>资料库无法打开</translation>
    </message>
    <message>
        <source>Opening the library …</source>
        <translation>正在打开资料库…</translation>
    </message>
    <message>
        <source>The file was left as it is. Nothing is written until it opens.</source>
        <translation>文件保持原样。在它能打开之前不会写入任何内容。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>LinkSheet</name>
    <message>
        <source>This link is not opened</source>
        <translation>不会打开这个链接</translation>
    </message>
    <message>
        <source>Open this link in your browser?</source>
        <translation>要在浏览器中打开这个链接吗？</translation>
    </message>
    <message>
        <source>Only web addresses and mail addresses are opened.</source>
        <translation>只会打开网址和邮件地址。</translation>
    </message>
    <message>
        <source>Medley itself never connects to anything. Your browser will.</source>
        <translation>Medley 自己从不联网，但你的浏览器会。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
</context>
<context>
    <name>ListPage</name>
    <message>
        <source>Putting %1 back …</source>
        <translation>正在恢复 %1…</translation>
    </message>
    <message>
        <source>%1 was removed. Your own files are where they were.</source>
        <translation>%1 已移除。你自己的文件仍在原处。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Bundles and models</source>
        <translation>模型包和模型</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 – Medley</source>
        <translation>%1 – Medley</translation>
    </message>
</context>
<context>
    <name>MakePage</name>
    <message>
        <source>A bundle of parts that you have. Nothing is copied: it is made of links.</source>
        <translation>用你已有的部件组成的模型包。不复制任何内容：它由链接组成。</translation>
    </message>
    <message>
        <source>Talks</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Takes in pictures or sounds</source>
        <translation>接收图片或声音</translation>
    </message>
    <message>
        <source>the file beside it that fits</source>
        <translation>旁边相配的文件</translation>
    </message>
    <message>
        <source>Makes pictures</source>
        <translation>生成图片</translation>
    </message>
    <message>
        <source>Pocket and clip art</source>
        <translation>Pocket 和剪贴画</translation>
    </message>
    <message>
        <source>Makes sounds</source>
        <translation>生成声音</translation>
    </message>
    <message>
        <source>Pocket&apos;s own</source>
        <translation>Pocket 自带的</translation>
    </message>
    <message>
        <source>Makes clips</source>
        <translation>生成视频</translation>
    </message>
    <message>
        <source>Hears you</source>
        <translation>听你说话</translation>
    </message>
    <message>
        <source>as in the settings</source>
        <translation>与设置相同</translation>
    </message>
    <message>
        <source>Speaks</source>
        <translation>说话</translation>
    </message>
    <message>
        <source>The bundle&apos;s name</source>
        <translation>模型包的名称</translation>
    </message>
    <message>
        <source>Putting it together:</source>
        <translation>正在组合：</translation>
    </message>
    <message>
        <source>Put together</source>
        <translation>组合</translation>
    </message>
</context>
<context>
    <name>MediaBlock</name>
    <message>
        <source>What you said</source>
        <translation>你说的话</translation>
    </message>
    <message>
        <source>Clip art: %1</source>
        <translation>剪贴画：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>MediaFoot</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Vary: the same request with another seed</source>
        <translation>换个样子：同样的要求，另一个种子</translation>
    </message>
    <message>
        <source>Render again from its recipe</source>
        <translation>按配方重新渲染</translation>
    </message>
    <message>
        <source>Make this video again</source>
        <translation>重新制作这段视频</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Open in another program</source>
        <translation>用其他程序打开</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>查找相似的</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详细信息</translation>
    </message>
</context>
<context>
    <name>MediaHits</name>
    <message>
        <source>Media found</source>
        <translation>找到的媒体</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>MessageActions</name>
    <message>
        <source>Answered by %1</source>
        <translation>由%1回答</translation>
    </message>
    <message>
        <source>Edit and send again</source>
        <translation>修改后重新发送</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Stop reading aloud</source>
        <translation>停止朗读</translation>
    </message>
    <message>
        <source>Read aloud</source>
        <translation>朗读</translation>
    </message>
    <message>
        <source>Say it as a video</source>
        <translation>用视频说出来</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>Answer again with another model</source>
        <translation>用别的模型再答一次</translation>
    </message>
    <message>
        <source>How this answer came about</source>
        <translation>这个回答是怎么来的</translation>
    </message>
</context>
<context>
    <name>MessageRow</name>
    <message>
        <source>You: %1</source>
        <translation>你：%1</translation>
    </message>
    <message>
        <source>Medley: %1</source>
        <translation>Medley：%1</translation>
    </message>
</context>
<context>
    <name>ModelBanner</name>
    <message>
        <source>The model of this conversation, %1, is not on this computer any more.</source>
        <translation>这个对话的模型“%1”已不在这台电脑上。</translation>
    </message>
    <message>
        <source>%1 cannot be used.</source>
        <translation>“%1”无法使用。</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>使用%1</translation>
    </message>
    <message>
        <source>Other models …</source>
        <translation>其他模型…</translation>
    </message>
</context>
<context>
    <name>ModelButton</name>
    <message>
        <source>Loading %1 …</source>
        <translation>正在加载%1…</translation>
    </message>
    <message>
        <source>Model: %1, which is not here any more</source>
        <translation>模型：%1，已经不在了</translation>
    </message>
    <message>
        <source>Model: %1, which cannot be used</source>
        <translation>模型：%1，无法使用</translation>
    </message>
    <message>
        <source>Model: %1</source>
        <translation>模型：%1</translation>
    </message>
    <message>
        <source>The model that answers this conversation (Ctrl+M)</source>
        <translation>回答这个对话的模型（Ctrl+M）</translation>
    </message>
</context>
<context>
    <name>ModelLine</name>
    <message>
        <source>%1 on the disk</source>
        <translation>占磁盘 %1</translation>
    </message>
    <message>
        <source>%1 in memory</source>
        <translation>占内存 %1</translation>
    </message>
    <message>
        <source>reads %1 tokens</source>
        <translation>一次读 %1 个词元</translation>
    </message>
    <message>
        <source>%1, chosen</source>
        <translation>%1，已选</translation>
    </message>
    <message>
        <source>Answers with: %1. %2</source>
        <translation>可回答：%1。%2</translation>
    </message>
    <message>
        <source>Cannot be used. %1</source>
        <translation>无法使用。%1</translation>
    </message>
</context>
<context>
    <name>ModelPopup</name>
    <message>
        <source>The model that answers from the next question on</source>
        <translation>从下一个问题起回答的模型</translation>
    </message>
    <message>
        <source>Answer again with</source>
        <translation>再答一次，用</translation>
    </message>
    <message>
        <source>Search in the models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model is called so.</source>
        <translation>没有这个名字的模型。</translation>
    </message>
    <message>
        <source>Add a model …</source>
        <translation>添加模型…</translation>
    </message>
</context>
<context>
    <name>ModelsSheet</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>这台电脑上</translation>
    </message>
    <message>
        <source>Put together</source>
        <translation>组合</translation>
    </message>
    <message>
        <source>All of them</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Your models</source>
        <translation>你的模型</translation>
    </message>
</context>
<context>
    <name>MoreLine</name>
    <message>
        <source>This message is long: %1 more characters.</source>
        <translation>这条消息很长：还有 %1 个字符。</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>全部显示</translation>
    </message>
</context>
<context>
    <name>NoteLine</name>
    <message>
        <source>The answer reached its greatest length.</source>
        <translation>回答达到了最大长度。</translation>
    </message>
    <message>
        <source>You stopped this answer.</source>
        <translation>你停止了这个回答。</translation>
    </message>
    <message>
        <source>The model no longer sees the oldest messages: there were too many (%1 left out).</source>
        <translation>消息太多，模型已看不到最早的部分（省略了 %1 条）。</translation>
    </message>
    <message>
        <source>Quoted from %1</source>
        <translation>引自 %1</translation>
    </message>
    <message>
        <source>This was interrupted. What had arrived is kept.</source>
        <translation>这里中断了。已经收到的内容都保留着。</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
</context>
<context>
    <name>OutcomeCard</name>
    <message>
        <source>%1 is ready: choose it in any conversation.</source>
        <translation>%1 已就绪：可以在任何对话中选择它。</translation>
    </message>
    <message>
        <source>%1 is added. Use it under “Put together”.</source>
        <translation>%1 已添加。可以在“组合”中使用它。</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>在这里使用</translation>
    </message>
    <message>
        <source>Another one</source>
        <translation>再来一个</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>needs %1 of memory, %2 is free</source>
        <translation>需要 %1 内存，空闲 %2</translation>
    </message>
    <message>
        <source>a context of %1 tokens fits</source>
        <translation>可用 %1 个词元的上下文</translation>
    </message>
    <message>
        <source>states no licence</source>
        <translation>未注明许可证</translation>
    </message>
    <message>
        <source>a part states no licence</source>
        <translation>有部件未注明许可证</translation>
    </message>
    <message>
        <source>%1 tokens per second</source>
        <translation>每秒 %1 个词元</translation>
    </message>
    <message>
        <source>sees</source>
        <translation>能看见</translation>
    </message>
    <message>
        <source>cannot see</source>
        <translation>看不见</translation>
    </message>
    <message>
        <source>hears</source>
        <translation>能听见</translation>
    </message>
    <message>
        <source>cannot hear</source>
        <translation>听不见</translation>
    </message>
    <message>
        <source>all tests passed</source>
        <translation>通过全部测试</translation>
    </message>
    <message>
        <source>some tests failed</source>
        <translation>有测试未通过</translation>
    </message>
    <message>
        <source>comes with Medley</source>
        <translation>随 Medley 附带</translation>
    </message>
    <message>
        <source>It does not fit into the memory that is free now. Close other programs, or choose a smaller one.</source>
        <translation>现在的空闲内存放不下它。请关闭其他程序，或选择更小的模型。</translation>
    </message>
    <message>
        <source>A long answer may need more memory than is free now.</source>
        <translation>较长的回答需要的内存可能超过现在的空闲内存。</translation>
    </message>
    <message>
        <source>Trying every part …</source>
        <translation>正在试用每个部件…</translation>
    </message>
    <message>
        <source>Reading the files:</source>
        <translation>正在读取文件：</translation>
    </message>
    <message>
        <source>Every file is as it should be.</source>
        <translation>所有文件都正确。</translation>
    </message>
    <message>
        <source>Remove it from Medley? Your own files stay where they are.</source>
        <translation>要从 Medley 中移除它吗？你自己的文件会留在原处。</translation>
    </message>
    <message>
        <source>Take it off the list? Your own files stay where they are.</source>
        <translation>要把它从列表中移除吗？你自己的文件会留在原处。</translation>
    </message>
    <message>
        <source>Use it here</source>
        <translation>在这里使用</translation>
    </message>
    <message>
        <source>Use %1 here</source>
        <translation>在这里使用 %1</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Verify %1</source>
        <translation>验证 %1</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Test %1</source>
        <translation>测试 %1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove …</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>PartChoice</name>
    <message>
        <source>none yet</source>
        <translation>还没有</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Choose another: %1</source>
        <translation>选择其他：%1</translation>
    </message>
</context>
<context>
    <name>PictureCard</name>
    <message>
        <source>Open the picture: %1</source>
        <translation>打开图片：%1</translation>
    </message>
</context>
<context>
    <name>PictureViewer</name>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit into the window</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Copy the picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>PromptGrid</name>
    <message>
        <source>Draw a red boat on the sea at night</source>
        <translation>画一艘红色的船，在海上，夜晚</translation>
    </message>
    <message>
        <source>Play the sound of a dog in the rain</source>
        <translation>播放雨中的狗的声音</translation>
    </message>
    <message>
        <source>Why is the sky blue? Explain it to a child</source>
        <translation>天空为什么是蓝色的？请讲给孩子听</translation>
    </message>
    <message>
        <source>Write a short poem about the sea in autumn</source>
        <translation>写一首关于秋天大海的短诗</translation>
    </message>
    <message>
        <source>Draw a cat wearing a hat</source>
        <translation>画一只戴帽子的猫</translation>
    </message>
    <message>
        <source>Show a clip of a yellow car moving left</source>
        <translation>拍一段黄色的汽车向左移动的视频</translation>
    </message>
    <message>
        <source>Show me a big green frog on the grass and let me hear it</source>
        <translation>画一只绿色的大青蛙，在草地上，再让我听听</translation>
    </message>
    <message>
        <source>Ask: %1</source>
        <translation>提问：%1</translation>
    </message>
</context>
<context>
    <name>RecordButtons</name>
    <message>
        <source>Record sound</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
</context>
<context>
    <name>RenderingCard</name>
    <message>
        <source>Painting a picture</source>
        <translation>正在画图片</translation>
    </message>
    <message>
        <source>Making a sound</source>
        <translation>正在生成声音</translation>
    </message>
    <message>
        <source>Filming a clip</source>
        <translation>正在拍视频</translation>
    </message>
    <message>
        <source>Making something (%1)</source>
        <translation>正在生成（%1）</translation>
    </message>
    <message>
        <source>Cancel this one</source>
        <translation>取消这一项</translation>
    </message>
    <message>
        <source>Getting ready …</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>Step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
    <message>
        <source>Step %1 of %2, %3</source>
        <translation>第 %1 步，共 %2 步，%3</translation>
    </message>
</context>
<context>
    <name>Running</name>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>ScreenSheet</name>
    <message>
        <source>This system does not let Medley see the screen. Allow it in the system&apos;s settings, then try again.</source>
        <translation>系统不允许 Medley 查看屏幕。请在系统设置中允许，然后重试。</translation>
    </message>
    <message>
        <source>This screen is not there any more. Choose another.</source>
        <translation>该屏幕已不存在。请选择其他屏幕。</translation>
    </message>
    <message>
        <source>No picture of the screen came. Try again.</source>
        <translation>没有得到屏幕画面。请重试。</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Screen or window</source>
        <translation>屏幕或窗口</translation>
    </message>
    <message>
        <source>Screen %1</source>
        <translation>屏幕 %1</translation>
    </message>
    <message>
        <source>Without Medley&apos;s window</source>
        <translation>不包含 Medley 的窗口</translation>
    </message>
    <message>
        <source>Drag over the picture to keep only a part of it.</source>
        <translation>在图上拖动，可只保留其中一部分。</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>添加为附件</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Take a picture</source>
        <translation>拍一张</translation>
    </message>
    <message>
        <source>Take again</source>
        <translation>重拍</translation>
    </message>
    <message>
        <source>Keep all of it</source>
        <translation>保留整张</translation>
    </message>
</context>
<context>
    <name>SearchFilter</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>With pictures</source>
        <translation>含图片</translation>
    </message>
    <message>
        <source>With sounds</source>
        <translation>含声音</translation>
    </message>
    <message>
        <source>With clips</source>
        <translation>含视频</translation>
    </message>
    <message>
        <source>With documents</source>
        <translation>含文档</translation>
    </message>
</context>
<context>
    <name>SettingsAbout</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>写消息</translation>
    </message>
    <message>
        <source>Go to the messages; the arrow keys move between them</source>
        <translation>转到消息列表，用方向键在消息间移动</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>Undo deleting</source>
        <translation>撤销删除</translation>
    </message>
    <message>
        <source>Rename or delete the conversation in the list</source>
        <translation>重命名或删除列表中的对话</translation>
    </message>
    <message>
        <source>Stop answering, or close</source>
        <translation>停止回答，或关闭</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Medley %1</source>
        <translation>Medley %1</translation>
    </message>
    <message>
        <source>Licensed under Apache 2.0. The letters are Inter, under the SIL Open Font License.</source>
        <translation>以 Apache 2.0 许可证发布。西文字体为 Inter，采用 SIL 开放字体许可证。</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Set all settings back</source>
        <translation>恢复所有默认设置</translation>
    </message>
    <message>
        <source>Set all settings back?</source>
        <translation>恢复所有设置？</translation>
    </message>
    <message>
        <source>Theme, language, size, engine and all others are as they were at first. Conversations, models and the bundle stay.</source>
        <translation>主题、语言、大小、引擎等所有设置都会恢复到最初的样子。对话、模型和模型包保持不变。</translation>
    </message>
    <message>
        <source>Set them back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SettingsAnswers</name>
    <message>
        <source>bundle&apos;s own</source>
        <translation>由模型包决定</translation>
    </message>
    <message>
        <source>More steps take longer and are often better, up to a point. The bundle knows a good number.</source>
        <translation>步数越多用时越长，在一定范围内效果往往更好。模型包里有合适的数值。</translation>
    </message>
    <message>
        <source>Steps of a picture</source>
        <translation>图片的步数</translation>
    </message>
    <message>
        <source>Steps of a sound</source>
        <translation>声音的步数</translation>
    </message>
    <message>
        <source>Steps of a clip</source>
        <translation>视频的步数</translation>
    </message>
    <message>
        <source>Show a first look while rendering</source>
        <translation>渲染时显示预览</translation>
    </message>
    <message>
        <source>Takes a little time of its own.</source>
        <translation>预览本身要花一点时间。</translation>
    </message>
</context>
<context>
    <name>SettingsAppearance</name>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Of letters, pictures and buttons.</source>
        <translation>文字、图片和按钮的大小。</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Black on white or white on black, with clear borders.</source>
        <translation>白底黑字或黑底白字，边框清晰。</translation>
    </message>
    <message>
        <source>Less motion</source>
        <translation>减少动画</translation>
    </message>
    <message>
        <source>Nothing fades, slides or pulses.</source>
        <translation>没有淡入淡出、滑动和闪动。</translation>
    </message>
</context>
<context>
    <name>SettingsEngine</name>
    <message>
        <source>Bundle</source>
        <translation>模型包</translation>
    </message>
    <message>
        <source>Bundles …</source>
        <translation>模型包…</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Now: %1</source>
        <translation>当前：%1</translation>
    </message>
    <message>
        <source>The best there is</source>
        <translation>自动选择最好的</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Memory budget</source>
        <translation>内存预算</translation>
    </message>
    <message>
        <source>What the engine may hold. Parts that were not used for long leave first.</source>
        <translation>引擎最多可占用的内存。最久未用的部分会先被移出。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
</context>
<context>
    <name>SettingsModels</name>
    <message>
        <source>Models are fetched only when you say so, and used on this computer alone.</source>
        <translation>只有你同意时才会下载模型，而且只在这台电脑上使用。</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>here</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>not here</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>%1 on the disk</source>
        <translation>占用磁盘 %1</translation>
    </message>
    <message>
        <source>%1 in memory</source>
        <translation>占用内存 %1</translation>
    </message>
    <message>
        <source>Getting it …</source>
        <translation>正在获取……</translation>
    </message>
    <message>
        <source>Get</source>
        <translation>获取</translation>
    </message>
    <message>
        <source>Get %1</source>
        <translation>获取 %1</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>comes with Medley</source>
        <translation>随 Medley 提供</translation>
    </message>
    <message>
        <source>Models that you have already</source>
        <translation>你已有的模型</translation>
    </message>
    <message>
        <source>Files of your own, and those of LM Studio, Ollama, Jan and others.</source>
        <translation>你自己的文件，以及 LM Studio、Ollama、Jan 等程序的模型。</translation>
    </message>
    <message>
        <source>Your models …</source>
        <translation>你的模型…</translation>
    </message>
</context>
<context>
    <name>SettingsPrivacy</name>
    <message>
        <source>Medley makes no connection to any network. There are no accounts, no counting of use, and no checks for updates. What you write, show and get lies in one file on this computer.</source>
        <translation>Medley 不连接任何网络。没有账号，不统计使用情况，也不检查更新。你写的、给它看的和得到的内容，都在这台电脑上的一个文件里。</translation>
    </message>
    <message>
        <source>Search by meaning</source>
        <translation>按含义搜索</translation>
    </message>
    <message>
        <source>Pictures, sounds and clips are also found by what they show or sound like. For this a fingerprint of each is kept in the library.</source>
        <translation>也能按内容找到图片、声音和视频。为此，资料库里会保存每一项的特征。</translation>
    </message>
    <message>
        <source>Keep drafts</source>
        <translation>保留草稿</translation>
    </message>
    <message>
        <source>What you have written but not sent is there again the next time.</source>
        <translation>写了还没发送的内容，下次打开时还在。</translation>
    </message>
</context>
<context>
    <name>SettingsSheet</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>引擎</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SettingsSpeech</name>
    <message>
        <source>Chosen by the system</source>
        <translation>由系统选择</translation>
    </message>
    <message>
        <source>%1 (not there)</source>
        <translation>%1（不在）</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>British English</source>
        <translation>英式英语</translation>
    </message>
    <message>
        <source>American English</source>
        <translation>美式英语</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Loudspeaker</source>
        <translation>扬声器</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Another language than the voice&apos;s own is spoken by one that knows it.</source>
        <translation>遇到这个声音不会的语言时，由会说它的声音来说。</translation>
    </message>
    <message>
        <source>By the language</source>
        <translation>按语言选择</translation>
    </message>
    <message>
        <source>Speed of the voice</source>
        <translation>语速</translation>
    </message>
    <message>
        <source>%1 times</source>
        <translation>%1 倍</translation>
    </message>
    <message>
        <source>Language you speak</source>
        <translation>你说的语言</translation>
    </message>
    <message>
        <source>Recognised in every sentence</source>
        <translation>逐句识别</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>Keep the sound of what you say</source>
        <translation>保留你说话的录音</translation>
    </message>
    <message>
        <source>Otherwise only the words are kept.</source>
        <translation>否则只保留文字。</translation>
    </message>
    <message>
        <source>Hold %1 and speak, or tap it to begin a conversation and tap it again to end it. What you say is heard, understood and answered on this computer.</source>
        <translation>按住 %1 说话，或轻按一下开始对话，再轻按一下结束。你说的话只在这台电脑上被听取、理解和回答。</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Hide the conversations</source>
        <translation>隐藏对话列表</translation>
    </message>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Search in conversations, pictures, sounds and clips</source>
        <translation>在对话、图片、声音和视频中搜索</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>Similar to: %1</source>
        <translation>与“%1”相似</translation>
    </message>
    <message>
        <source>Stays on this computer</source>
        <translation>一切都留在本机</translation>
    </message>
    <message>
        <source>Import a conversation</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SoundCard</name>
    <message>
        <source>Sound: %1</source>
        <translation>声音：%1</translation>
    </message>
    <message>
        <source>Pause the sound</source>
        <translation>暂停声音</translation>
    </message>
    <message>
        <source>Play the sound</source>
        <translation>播放声音</translation>
    </message>
    <message>
        <source>Place in the sound</source>
        <translation>声音中的位置</translation>
    </message>
</context>
<context>
    <name>SoundSheet</name>
    <message>
        <source>The sound library PortAudio is missing. Install libportaudio2, then try again.</source>
        <translation>缺少声音库 PortAudio。请安装 libportaudio2，然后重试。</translation>
    </message>
    <message>
        <source>This system does not let Medley use the microphone. Allow it in the system&apos;s settings, then try again.</source>
        <translation>系统不允许 Medley 使用麦克风。请在系统设置中允许，然后重试。</translation>
    </message>
    <message>
        <source>The sound device is used by another program. Close that program, then try again.</source>
        <translation>声音设备正被其他程序使用。请关闭该程序，然后重试。</translation>
    </message>
    <message>
        <source>The sound device went away. Connect it again, then try again.</source>
        <translation>声音设备已断开。请重新连接，然后重试。</translation>
    </message>
    <message>
        <source>There is no loudspeaker to play this on. It can be attached all the same.</source>
        <translation>没有可以播放的扬声器，但仍可添加为附件。</translation>
    </message>
    <message>
        <source>There is no microphone. Connect one, then try again.</source>
        <translation>没有麦克风。请连接一个，然后重试。</translation>
    </message>
    <message>
        <source>Record sound</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>已录好</translation>
    </message>
    <message>
        <source>Beginning of what is kept</source>
        <translation>保留部分的开头</translation>
    </message>
    <message>
        <source>End of what is kept</source>
        <translation>保留部分的结尾</translation>
    </message>
    <message>
        <source>Attach</source>
        <translation>添加为附件</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Record again</source>
        <translation>重录</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
</context>
<context>
    <name>StarterOffer</name>
    <message>
        <source>MEDLEY_OFFLINE is set, which forbids every connection: unset it and start Medley anew.</source>
        <translation>设置了 MEDLEY_OFFLINE，禁止一切连接：请取消它，然后重新启动 Medley。</translation>
    </message>
    <message>
        <source>No place that has the models could be reached: check the connection, then try again. It goes on where it was.</source>
        <translation>无法连接到任何提供模型的地方：请检查网络后重试，会从中断处继续。</translation>
    </message>
    <message>
        <source>There is not enough room on the disk: free some, then try again. It goes on where it was.</source>
        <translation>磁盘空间不足：请腾出一些空间后重试，会从中断处继续。</translation>
    </message>
    <message>
        <source>Another Medley is fetching it already: wait until that is done.</source>
        <translation>另一个 Medley 正在下载：请等它完成。</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1，共 %2</translation>
    </message>
    <message>
        <source>Looking for it …</source>
        <translation>正在查找……</translation>
    </message>
    <message>
        <source>%1 a second</source>
        <translation>每秒 %1</translation>
    </message>
    <message>
        <source>Getting the models</source>
        <translation>正在获取模型</translation>
    </message>
    <message>
        <source>Not everything could be had</source>
        <translation>未能全部获取</translation>
    </message>
    <message>
        <source>Stopped; what came is kept</source>
        <translation>已停止，已下载的部分会保留</translation>
    </message>
    <message>
        <source>The models are here</source>
        <translation>模型已就绪</translation>
    </message>
    <message>
        <source>Get real answers</source>
        <translation>获得真正的回答</translation>
    </message>
    <message>
        <source>It goes on where it was whenever you like.</source>
        <translation>你可以随时从中断处继续。</translation>
    </message>
    <message>
        <source>You are answered with them from now on. Nothing else is ever fetched.</source>
        <translation>从现在起由它们回答你。此外不会再下载任何东西。</translation>
    </message>
    <message>
        <source>The starter, %1, talks, hears speech and reads pictures and documents, in English and Chinese; it is fetched once, and nothing else ever is.</source>
        <translation>入门模型包（%1）能用中文和英文对话、听懂语音、读图片和文档；只需下载一次，此外不会再下载任何东西。</translation>
    </message>
    <message>
        <source>%1 – %2: unpacking and proving</source>
        <translation>%1：%2，正在解压并校验</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 – %2, from: %3</source>
        <translation>%1：%2，来自：%3</translation>
    </message>
    <message>
        <source>Get the starter</source>
        <translation>获取入门模型包</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>好的</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>SwitchOff</name>
    <message>
        <source>Switch %1 off</source>
        <translation>停用 %1</translation>
    </message>
</context>
<context>
    <name>TalkButton</name>
    <message>
        <source>End the conversation</source>
        <translation>结束对话</translation>
    </message>
    <message>
        <source>Talk: tap to begin, or hold and speak</source>
        <translation>说话：轻按开始，或按住说</translation>
    </message>
</context>
<context>
    <name>TalkPanel</name>
    <message>
        <source>Getting ready …</source>
        <translation>正在准备…</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>正在听</translation>
    </message>
    <message>
        <source>Hearing you</source>
        <translation>听到你在说</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>正在思考</translation>
    </message>
    <message>
        <source>Speaking</source>
        <translation>正在说</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>已静音</translation>
    </message>
    <message>
        <source>It does not work just now</source>
        <translation>现在无法使用</translation>
    </message>
    <message>
        <source>Speak already: what you say is kept.</source>
        <translation>现在就可以说：您说的话会保留下来。</translation>
    </message>
    <message>
        <source>Just speak. %1 or Esc ends.</source>
        <translation>直接说就行。按 %1 或 Esc 结束。</translation>
    </message>
    <message>
        <source>Conversation: %1</source>
        <translation>对话：%1</translation>
    </message>
    <message>
        <source>Get the starter</source>
        <translation>获取入门模型包</translation>
    </message>
    <message>
        <source>Stop this answer</source>
        <translation>停止这个回答</translation>
    </message>
    <message>
        <source>Listen again</source>
        <translation>继续听</translation>
    </message>
    <message>
        <source>Mute the microphone</source>
        <translation>麦克风静音</translation>
    </message>
    <message>
        <source>End the conversation</source>
        <translation>结束对话</translation>
    </message>
</context>
<context>
    <name>TestCard</name>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Clips</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Trying what it can:</source>
        <translation>正在测试它的能力：</translation>
    </message>
    <message>
        <source>You can use it meanwhile.</source>
        <translation>这期间你可以使用它。</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Everything that it can was tried, and works.</source>
        <translation>它的各项能力都已测试，一切正常。</translation>
    </message>
    <message>
        <source>Not everything works; see below.</source>
        <translation>并非一切正常，详见下文。</translation>
    </message>
    <message>
        <source>%1 tokens per second</source>
        <translation>每秒 %1 个词元</translation>
    </message>
    <message>
        <source>%1 of memory</source>
        <translation>内存 %1</translation>
    </message>
    <message>
        <source>a context of %1 tokens fits</source>
        <translation>可用 %1 个词元的上下文</translation>
    </message>
    <message>
        <source>The test was put off. It can be done at any time.</source>
        <translation>测试已推迟，可以随时进行。</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>重新测试</translation>
    </message>
</context>
<context>
    <name>ThinkingWords</name>
    <message>
        <source>Thinking …</source>
        <translation>正在思考……</translation>
    </message>
    <message>
        <source>Began to think</source>
        <translation>开始思考</translation>
    </message>
    <message>
        <source>Thought for a moment</source>
        <translation>思考了片刻</translation>
    </message>
    <message>
        <source>Thought for %1 s, then was asked to answer</source>
        <translation>思考了 %1 秒，随后被要求回答</translation>
    </message>
    <message>
        <source>Thought for %1 s</source>
        <translation>思考了 %1 秒</translation>
    </message>
    <message>
        <source>%1. Hide what was thought</source>
        <translation>%1。隐藏思考内容</translation>
    </message>
    <message>
        <source>%1. Show what was thought</source>
        <translation>%1。显示思考内容</translation>
    </message>
    <message>
        <source>Thought before the answer</source>
        <translation>回答之前的思考</translation>
    </message>
</context>
<context>
    <name>Toasts</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>Exported: %1</source>
        <translation>已导出：%1</translation>
    </message>
    <message>
        <source>Imported: %1</source>
        <translation>已导入：%1</translation>
    </message>
    <message>
        <source>here already: %1</source>
        <translation>已有：%1</translation>
    </message>
    <message>
        <source>left out: %1</source>
        <translation>略过：%1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>The model that answered was removed. Pocket answers from now on; it knows only its own little world.</source>
        <translation>用来回答的模型已删除。今后由 Pocket 回答；它只知道自己的小世界。</translation>
    </message>
    <message>
        <source>Verified: %1</source>
        <translation>已校验：%1</translation>
    </message>
    <message>
        <source>Taken away: %1</source>
        <translation>已移除：%1</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>Deleted: %1</source>
        <translation>已删除：%1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Go to the end</source>
        <translation>回到末尾</translation>
    </message>
</context>
<context>
    <name>UnheardWords</name>
    <message>
        <source>You interrupted before any of it was heard: show it</source>
        <translation>您在听到之前就打断了：显示内容</translation>
    </message>
    <message>
        <source>Not heard</source>
        <translation>没有听到</translation>
    </message>
    <message>
        <source>Hide what was not heard</source>
        <translation>隐藏没有听到的部分</translation>
    </message>
    <message>
        <source>Answer again</source>
        <translation>重新回答</translation>
    </message>
    <message>
        <source>You interrupted here: show the rest</source>
        <translation>你在这里打断了：显示其余部分</translation>
    </message>
</context>
<context>
    <name>WaitingCard</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <translation>%1%2%</translation>
    </message>
</context>
<context>
    <name>WaitingLine</name>
    <message>
        <source>Waiting: another answer comes first …</source>
        <translation>正在排队：先完成另一个回答……</translation>
    </message>
    <message>
        <source>Waiting: %1 other answers come first …</source>
        <translation>正在排队：先完成另外 %1 个回答……</translation>
    </message>
    <message>
        <source>The model is being loaded …</source>
        <translation>正在加载模型…</translation>
    </message>
    <message>
        <source>Thinking …</source>
        <translation>正在思考…</translation>
    </message>
</context>
</TS>
