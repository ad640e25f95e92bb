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
    <name>CallDetails</name>
    <message>
        <source>A tool of Medley</source>
        <translation>Medley 的工具</translation>
    </message>
    <message>
        <source>A tool of %1</source>
        <translation>%1 的工具</translation>
    </message>
    <message>
        <source>What it was given</source>
        <translation>收到的参数</translation>
    </message>
    <message>
        <source>You did not allow it. The model was told so.</source>
        <translation>你没有允许，模型已知道。</translation>
    </message>
    <message>
        <source>It was interrupted. How far it came is not known.</source>
        <translation>已被中断，进行到哪里无法得知。</translation>
    </message>
    <message>
        <source>What it gave</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Why it failed</source>
        <translation>失败的原因</translation>
    </message>
    <message>
        <source>%1 more characters are not shown. Copy the result to see them.</source>
        <translation>还有 %1 个字符未显示。复制结果即可查看。</translation>
    </message>
    <message>
        <source>Copy the result</source>
        <translation>复制结果</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>撤销</translation>
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
    <name>Commands</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>begin chat</source>
        <translation>开始 聊天 new conversation chat</translation>
    </message>
    <message>
        <source>Go to a conversation, a command, a preset or a model</source>
        <translation>转到对话、命令、预设或模型</translation>
    </message>
    <message>
        <source>Search in conversations, pictures, sounds and clips</source>
        <translation>在对话、图片、声音和视频中搜索</translation>
    </message>
    <message>
        <source>find</source>
        <translation>查找 search find</translation>
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
        <source>picture photo document upload open</source>
        <translation>图片 照片 文档 上传 附件 attach open file</translation>
    </message>
    <message>
        <source>Choose the model of this conversation</source>
        <translation>选择这个对话的模型</translation>
    </message>
    <message>
        <source>bundle switch</source>
        <translation>模型包 切换 model switch</translation>
    </message>
    <message>
        <source>Tools of this conversation</source>
        <translation>这个对话的工具</translation>
    </message>
    <message>
        <source>agent folder</source>
        <translation>智能体 文件夹 工具</translation>
    </message>
    <message>
        <source>Tools and memory</source>
        <translation>工具和记忆</translation>
    </message>
    <message>
        <source>MCP servers permissions folders what was done</source>
        <translation>MCP 服务器 权限 文件夹 做过的事</translation>
    </message>
    <message>
        <source>What is remembered</source>
        <translation>记住的内容</translation>
    </message>
    <message>
        <source>memory facts forget</source>
        <translation>记忆 事实 忘记</translation>
    </message>
    <message>
        <source>How this conversation is answered</source>
        <translation>这个对话的回答方式</translation>
    </message>
    <message>
        <source>system prompt text temperature length think</source>
        <translation>系统提示词 温度 长度 思考 system prompt temperature</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>prompt role persona character</source>
        <translation>提示词 角色 人设 presets prompt role</translation>
    </message>
    <message>
        <source>Save how this conversation is answered as a preset</source>
        <translation>把这个对话的回答方式存为预设</translation>
    </message>
    <message>
        <source>End the spoken conversation</source>
        <translation>结束语音对话</translation>
    </message>
    <message>
        <source>Talk</source>
        <translation>语音对话</translation>
    </message>
    <message>
        <source>speak voice microphone hands-free</source>
        <translation>说话 语音 麦克风 免提 talk speak voice</translation>
    </message>
    <message>
        <source>Read the last answer aloud</source>
        <translation>朗读最近的回答</translation>
    </message>
    <message>
        <source>say speak voice</source>
        <translation>朗读 语音 read aloud speak</translation>
    </message>
    <message>
        <source>Copy the last answer</source>
        <translation>复制最近的回答</translation>
    </message>
    <message>
        <source>Answer the last question again</source>
        <translation>重新回答最近的问题</translation>
    </message>
    <message>
        <source>regenerate retry</source>
        <translation>重新生成 重试 regenerate retry</translation>
    </message>
    <message>
        <source>Stop answering</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Record a sound</source>
        <translation>录音</translation>
    </message>
    <message>
        <source>microphone audio</source>
        <translation>麦克风 声音 record microphone</translation>
    </message>
    <message>
        <source>Take a picture or a clip with the camera</source>
        <translation>用摄像头拍照或录像</translation>
    </message>
    <message>
        <source>photo video webcam</source>
        <translation>照片 视频 摄像头 camera photo</translation>
    </message>
    <message>
        <source>Take a picture of the screen</source>
        <translation>截取屏幕</translation>
    </message>
    <message>
        <source>screenshot</source>
        <translation>截图 截屏 screenshot screen</translation>
    </message>
    <message>
        <source>Export this conversation</source>
        <translation>导出这个对话</translation>
    </message>
    <message>
        <source>save archive zip</source>
        <translation>保存 压缩包 export zip</translation>
    </message>
    <message>
        <source>Import a conversation</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>archive zip</source>
        <translation>压缩包 import zip</translation>
    </message>
    <message>
        <source>Delete this conversation</source>
        <translation>删除这个对话</translation>
    </message>
    <message>
        <source>remove</source>
        <translation>移除 delete remove</translation>
    </message>
    <message>
        <source>Undo deleting</source>
        <translation>撤销删除</translation>
    </message>
    <message>
        <source>Your models</source>
        <translation>你的模型</translation>
    </message>
    <message>
        <source>list bundles</source>
        <translation>列表 模型包 your models</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>gguf file</source>
        <translation>文件 add model gguf</translation>
    </message>
    <message>
        <source>Models of other programs</source>
        <translation>其他程序的模型</translation>
    </message>
    <message>
        <source>LM Studio Ollama Jan</source>
        <translation>其他软件 LM Studio Ollama Jan</translation>
    </message>
    <message>
        <source>Fetch models</source>
        <translation>获取模型</translation>
    </message>
    <message>
        <source>download get starter</source>
        <translation>下载 入门模型包 fetch download models</translation>
    </message>
    <message>
        <source>Choose another bundle</source>
        <translation>选择其他模型包</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>preferences options</source>
        <translation>偏好 选项 settings preferences</translation>
    </message>
    <message>
        <source>Settings: Appearance</source>
        <translation>设置：外观</translation>
    </message>
    <message>
        <source>theme language size letters</source>
        <translation>主题 语言 字号 appearance theme</translation>
    </message>
    <message>
        <source>Settings: Answers</source>
        <translation>设置：回答</translation>
    </message>
    <message>
        <source>steps pictures previews notifications</source>
        <translation>步数 图片 预览 通知 answers notifications</translation>
    </message>
    <message>
        <source>Settings: Speech</source>
        <translation>设置：语音</translation>
    </message>
    <message>
        <source>voice microphone loudspeaker</source>
        <translation>声音 麦克风 扬声器 speech voice</translation>
    </message>
    <message>
        <source>Settings: Engine</source>
        <translation>设置：引擎</translation>
    </message>
    <message>
        <source>device graphics card memory</source>
        <translation>设备 显卡 内存 engine device memory</translation>
    </message>
    <message>
        <source>Settings: Privacy</source>
        <translation>设置：隐私</translation>
    </message>
    <message>
        <source>drafts search by meaning</source>
        <translation>草稿 按含义搜索 privacy drafts</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>keyboard shortcuts help about version</source>
        <translation>键盘 帮助 关于 版本 keys shortcuts help about</translation>
    </message>
    <message>
        <source>Light theme</source>
        <translation>浅色主题</translation>
    </message>
    <message>
        <source>Dark theme</source>
        <translation>深色主题</translation>
    </message>
    <message>
        <source>colours night day</source>
        <translation>颜色 夜间 白天 theme dark light</translation>
    </message>
    <message>
        <source>Usual contrast</source>
        <translation>普通对比度</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>black white</source>
        <translation>黑白 contrast</translation>
    </message>
    <message>
        <source>Larger letters</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>zoom size scale</source>
        <translation>缩放 字号 大小 zoom size</translation>
    </message>
    <message>
        <source>Smaller letters</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>language Chinese English</source>
        <translation>语言 英文 中文 language English Chinese</translation>
    </message>
    <message>
        <source>Show or hide the conversations</source>
        <translation>显示或隐藏对话列表</translation>
    </message>
    <message>
        <source>sidebar list</source>
        <translation>侧栏 列表 sidebar</translation>
    </message>
    <message>
        <source>Show me around</source>
        <translation>带我看看</translation>
    </message>
    <message>
        <source>tour help introduction</source>
        <translation>导览 帮助 介绍 tour help</translation>
    </message>
    <message>
        <source>Start the engine anew</source>
        <translation>重新启动引擎</translation>
    </message>
    <message>
        <source>restart reset</source>
        <translation>重启 restart engine</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>媒体库</translation>
    </message>
    <message>
        <source>pictures sounds clips documents everything made</source>
        <translation>图片 声音 视频 文档 全部 作品 gallery media</translation>
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
    <name>ConsentCard</name>
    <message>
        <source>May “%1” be used? Medley waits for you.</source>
        <translation>允许使用“%1”吗？Medley 正在等你决定。</translation>
    </message>
    <message>
        <source>May “%1” be used?</source>
        <translation>允许使用“%1”吗？</translation>
    </message>
    <message>
        <source>A tool of Medley</source>
        <translation>Medley 的工具</translation>
    </message>
    <message>
        <source>A tool of %1 (%2)</source>
        <translation>%1 的工具（%2）</translation>
    </message>
    <message>
        <source>This tool says something else of itself than when you allowed it. Look at it again.</source>
        <translation>这个工具对自己的说明与你允许它时不同，请重新查看。</translation>
    </message>
    <message>
        <source>Before this the model read text that is not yours: a file, a page or what a tool gave. It may have been told there to ask for this.</source>
        <translation>在此之前，模型读过并非你写的文字：文件、网页或工具的结果。可能是那里的文字让它提出这个要求的。</translation>
    </message>
    <message>
        <source>In the folder %1</source>
        <translation>在文件夹 %1 中</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>将会更改</translation>
    </message>
    <message>
        <source>What would be run</source>
        <translation>将会运行</translation>
    </message>
    <message>
        <source>What would be done</source>
        <translation>将会做什么</translation>
    </message>
    <message>
        <source>What it is given</source>
        <translation>给它的参数</translation>
    </message>
    <message>
        <source>Allow once</source>
        <translation>允许一次</translation>
    </message>
    <message>
        <source>Always allow this tool</source>
        <translation>始终允许此工具</translation>
    </message>
    <message>
        <source>Always in this folder</source>
        <translation>在此文件夹中始终允许</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>这次不</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Never allow this tool</source>
        <translation>永不允许此工具</translation>
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
        <source>%1, waits for your answer</source>
        <translation>%1，正在等你回答</translation>
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
        <source>Use from the next answer on</source>
        <translation>从下一个回答起使用</translation>
    </message>
    <message>
        <source>As the bundle has it</source>
        <translation>恢复模型包的设置</translation>
    </message>
    <message>
        <source>Save as preset …</source>
        <translation>存为预设…</translation>
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
        <source>Made on</source>
        <translation>生成于</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
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
    <name>ElicitCard</name>
    <message>
        <source>“%1” asks you something</source>
        <translation>“%1”有事问你</translation>
    </message>
    <message>
        <source>It wants you to open this address in your browser. Look at it before you do.</source>
        <translation>它想让你在浏览器中打开此网址。打开前请先看清楚。</translation>
    </message>
    <message>
        <source>What you write goes to this server. Write no passwords or keys.</source>
        <translation>你写的内容会交给此服务器。请不要写密码或密钥。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>网址</translation>
    </message>
    <message>
        <source>Open it in the browser</source>
        <translation>在浏览器中打开</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Do not answer</source>
        <translation>不回答</translation>
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
        <source>go to anything</source>
        <translation>转到任何内容</translation>
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
        <source>%1 on %2</source>
        <translation>%1（在 %2 上）</translation>
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
        <source>Made on</source>
        <translation>生成于</translation>
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
        <source>Choose a folder that tools may reach into</source>
        <translation>选择工具可以访问的文件夹</translation>
    </message>
    <message>
        <source>Export what is remembered</source>
        <translation>导出记忆</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown 文件 (*.md)</translation>
    </message>
    <message>
        <source>Choose a model&apos;s folder</source>
        <translation>选择模型所在的文件夹</translation>
    </message>
    <message>
        <source>Export the preset</source>
        <translation>导出预设</translation>
    </message>
    <message>
        <source>Import conversations of Medley, ChatGPT, Open WebUI, LM Studio or Jan</source>
        <translation>导入 Medley、ChatGPT、Open WebUI、LM Studio 或 Jan 的对话</translation>
    </message>
    <message>
        <source>Presets (*.toml *.json)</source>
        <translation>预设 (*.toml *.json)</translation>
    </message>
    <message>
        <source>Import a preset</source>
        <translation>导入预设</translation>
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
    <name>FolderCard</name>
    <message>
        <source>What tools may do in %1</source>
        <translation>工具在 %1 中可以做什么</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Read and write</source>
        <translation>读取和写入</translation>
    </message>
    <message>
        <source>Withdraw %1</source>
        <translation>收回 %1</translation>
    </message>
</context>
<context>
    <name>FoldersPage</name>
    <message>
        <source>Tools see no file outside the folders that you grant. Those here hold for every conversation; a folder for one conversation alone is granted under its tools, beside what you write.</source>
        <translation>工具看不到你授权的文件夹以外的任何文件。这里的文件夹对所有对话有效；只用于一个对话的文件夹，请在输入框旁的工具中授权。</translation>
    </message>
    <message>
        <source>Granted folders</source>
        <translation>已授权的文件夹</translation>
    </message>
    <message>
        <source>No folder is granted to every conversation.</source>
        <translation>没有对所有对话授权的文件夹。</translation>
    </message>
    <message>
        <source>Grant a folder …</source>
        <translation>授权文件夹…</translation>
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
        <source>d MMM</source>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <translation>yyyy年M月d日</translation>
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
    <name>GallerySheet</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
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
        <source>Documents</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Gallery</source>
        <translation>媒体库</translation>
    </message>
    <message>
        <source>Where they are from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Made and given</source>
        <translation>生成的和你给的</translation>
    </message>
    <message>
        <source>Made here</source>
        <translation>在这里生成的</translation>
    </message>
    <message>
        <source>Given by you</source>
        <translation>你给的</translation>
    </message>
    <message>
        <source>Pictures, sounds, clips and documents of all conversations will be here.</source>
        <translation>所有对话里的图片、声音、视频和文档都会在这里。</translation>
    </message>
    <message>
        <source>There is nothing of this kind yet.</source>
        <translation>还没有这类内容。</translation>
    </message>
    <message>
        <source>Go to the message</source>
        <translation>转到消息</translation>
    </message>
    <message>
        <source>Save as …</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>GalleryTile</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Save “%1” as …</source>
        <translation>将“%1”另存为…</translation>
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
    <name>HistoryPage</name>
    <message>
        <source>without asking, it touches nothing</source>
        <translation>未询问，因为不触及任何东西</translation>
    </message>
    <message>
        <source>allowed once</source>
        <translation>允许了一次</translation>
    </message>
    <message>
        <source>always allowed</source>
        <translation>始终允许</translation>
    </message>
    <message>
        <source>never allowed</source>
        <translation>永不允许</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>未允许</translation>
    </message>
    <message>
        <source>Search in what was done</source>
        <translation>搜索做过的事</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>做过的事</translation>
    </message>
    <message>
        <source>Show it in its conversation</source>
        <translation>在对话中查看</translation>
    </message>
    <message>
        <source>No tool was asked for yet.</source>
        <translation>还没有请求过工具。</translation>
    </message>
    <message>
        <source>Nothing fits these words.</source>
        <translation>没有符合的内容。</translation>
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
    <name>LocalApiRows</name>
    <message>
        <source>A program is being answered.</source>
        <translation>正在回答一个程序。</translation>
    </message>
    <message>
        <source>A program is being answered. Waiting: %1</source>
        <translation>正在回答一个程序。等待中：%1</translation>
    </message>
    <message>
        <source>Waiting for your answer to end: %1</source>
        <translation>等待您的回答结束：%1</translation>
    </message>
    <message>
        <source>No program asks for anything now.</source>
        <translation>现在没有程序提出请求。</translation>
    </message>
    <message>
        <source>Local API</source>
        <translation>本地 API</translation>
    </message>
    <message>
        <source>Programs on this computer can use Medley as they use OpenAI, with a token. Nothing leaves the computer. You are answered first.</source>
        <translation>这台电脑上的程序可以凭令牌像使用 OpenAI 一样使用 Medley。没有任何内容离开电脑，并且优先回答你。</translation>
    </message>
    <message>
        <source>It is starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Address: %1</source>
        <translation>地址：%1</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Copy token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>The token lies in %1.</source>
        <translation>令牌保存在 %1。</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>%1 – Medley</source>
        <translation>%1 – Medley</translation>
    </message>
    <message>
        <source>Waits for you: %1</source>
        <translation>等你决定：%1</translation>
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
    <name>MannerForm</name>
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
    <name>MemoryPage</name>
    <message>
        <source>Models are told this in every conversation in which tools are on. Nothing is added without you: you write it here, or agree when a model asks.</source>
        <translation>在开启工具的对话中，模型会知道这些内容。没有你同意不会增加：由你在这里写下，或在模型询问时同意。</translation>
    </message>
    <message>
        <source>Something to remember</source>
        <translation>要记住的事</translation>
    </message>
    <message>
        <source>Something to remember, such as “I am a vegetarian”</source>
        <translation>要记住的事，例如“我吃素”</translation>
    </message>
    <message>
        <source>Remember</source>
        <translation>记住</translation>
    </message>
    <message>
        <source>Forgotten: %1</source>
        <translation>已忘记：%1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>in your words</source>
        <translation>你的原话</translation>
    </message>
    <message>
        <source>in the words of a model, and you agreed</source>
        <translation>模型的说法，你已同意</translation>
    </message>
    <message>
        <source>In other words</source>
        <translation>换个说法</translation>
    </message>
    <message>
        <source>Show where it came from</source>
        <translation>查看来源</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Put it into other words</source>
        <translation>换个说法</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Nothing is remembered.</source>
        <translation>没有记忆。</translation>
    </message>
    <message>
        <source>Export …</source>
        <translation>导出…</translation>
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
        <source>%2 does not have the model of this conversation, %1.</source>
        <translation>%2 上没有这个对话的模型 %1。</translation>
    </message>
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
        <source>Used one memory</source>
        <translation>用到一条记忆</translation>
    </message>
    <message>
        <source>Used %1 memories</source>
        <translation>用到 %1 条记忆</translation>
    </message>
    <message>
        <source>This was interrupted. What had arrived is kept.</source>
        <translation>这里中断了。已经收到的内容都保留着。</translation>
    </message>
    <message>
        <source>Show what is remembered</source>
        <translation>查看记忆</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
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
    <name>PermissionsPage</name>
    <message>
        <source>What you allowed or forbade for good. What is revoked you are asked about again.</source>
        <translation>你长期允许或禁止的事。撤回后会重新询问你。</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Always: %1</source>
        <translation>始终允许：%1</translation>
    </message>
    <message>
        <source>Never: %1</source>
        <translation>永不允许：%1</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>在 %1 中</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Revoke: %1</source>
        <translation>撤回：%1</translation>
    </message>
    <message>
        <source>Nothing was decided for good yet.</source>
        <translation>还没有长期的决定。</translation>
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
    <name>PlaceBadge</name>
    <message>
        <source>Made on %1</source>
        <translation>生成于 %1</translation>
    </message>
</context>
<context>
    <name>PresetEditor</name>
    <message>
        <source>%1 (not there)</source>
        <translation>%1（不在）</translation>
    </message>
    <message>
        <source>New preset</source>
        <translation>新预设</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>For example: Translator</source>
        <translation>例如：翻译</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>That answers. Without one, a conversation keeps its own.</source>
        <translation>由它回答。不选时，对话保留自己的模型。</translation>
    </message>
    <message>
        <source>As the conversation has it</source>
        <translation>由对话决定</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Whether the model may ask to use tools.</source>
        <translation>模型是否可以请求使用工具。</translation>
    </message>
    <message>
        <source>As in the settings</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Voice</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>That reads answers aloud.</source>
        <translation>用它朗读回答。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PresetLine</name>
    <message>
        <source>comes with Medley</source>
        <translation>Medley 自带</translation>
    </message>
    <message>
        <source>with tools</source>
        <translation>使用工具</translation>
    </message>
    <message>
        <source>without tools</source>
        <translation>不用工具</translation>
    </message>
    <message>
        <source>temperature %1</source>
        <translation>温度 %1</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Begin a conversation with “%1”</source>
        <translation>用“%1”开始对话</translation>
    </message>
    <message>
        <source>Change “%1”</source>
        <translation>修改“%1”</translation>
    </message>
    <message>
        <source>More for “%1”</source>
        <translation>“%1”的更多操作</translation>
    </message>
</context>
<context>
    <name>PresetsSheet</name>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>A preset is what the model is told about its task, and with which model, tools and voice it answers, under one name.</source>
        <translation>预设用一个名称记下：告诉模型做什么，以及用哪个模型、工具和声音回答。</translation>
    </message>
    <message>
        <source>Deleted: %1</source>
        <translation>已删除：%1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>There are no presets yet.</source>
        <translation>还没有预设。</translation>
    </message>
    <message>
        <source>New preset …</source>
        <translation>新预设…</translation>
    </message>
    <message>
        <source>Import …</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Bring Medley&apos;s own back</source>
        <translation>恢复 Medley 自带的预设</translation>
    </message>
    <message>
        <source>Use for this conversation</source>
        <translation>用于这个对话</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>复制一份</translation>
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
    <name>ReminderToast</name>
    <message>
        <source>%1 (was for %2)</source>
        <translation>%1（原定 %2）</translation>
    </message>
    <message>
        <source>In 10 minutes</source>
        <translation>10 分钟后</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>RemindersPage</name>
    <message>
        <source>Ask for one in a conversation: “remind me in ten minutes”. Medley reminds you while its window is open, and of what was missed when it is opened again.</source>
        <translation>在对话中说“十分钟后提醒我”即可。窗口打开时 Medley 会提醒你，错过的会在下次打开时提醒。</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>Remove this reminder</source>
        <translation>删除此提醒</translation>
    </message>
    <message>
        <source>There are no reminders to come.</source>
        <translation>没有待办的提醒。</translation>
    </message>
</context>
<context>
    <name>RemoteRows</name>
    <message>
        <source>Where answers are made</source>
        <translation>在哪里生成回答</translation>
    </message>
    <message>
        <source>What you ask is sent to %1, with its files and what was said before. Nothing is sent anywhere else, and this computer does not answer in its place.</source>
        <translation>您的提问会连同其中的文件和之前的对话一起发送到 %1。不会发送到任何其他地方，本机也不会代替它回答。</translation>
    </message>
    <message>
        <source>Nothing leaves this computer.</source>
        <translation>没有任何内容离开本机。</translation>
    </message>
    <message>
        <source>Nothing leaves this computer. Another one of yours is added in a terminal: medley remote add NAME user@host</source>
        <translation>没有任何内容离开本机。要添加您的另一台电脑，请在终端运行：medley remote add NAME user@host</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>It is being asked…</source>
        <translation>正在询问它……</translation>
    </message>
    <message>
        <source>It answers. Its bundles: %1</source>
        <translation>它有应答。它的模型包：%1</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
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
    <name>ServerCard</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>starting …</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>ready, brings one tool</source>
        <translation>就绪，提供 1 个工具</translation>
    </message>
    <message>
        <source>ready, brings %1 tools</source>
        <translation>就绪，提供 %1 个工具</translation>
    </message>
    <message>
        <source>cannot be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>What is run for %1</source>
        <translation>%1 运行的内容</translation>
    </message>
    <message>
        <source>Remove this server and what was decided on its tools?</source>
        <translation>删除此服务器以及对其工具的决定吗？</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Use %1</source>
        <translation>使用 %1</translation>
    </message>
    <message>
        <source>Try %1 once</source>
        <translation>试用 %1</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>删除 %1</translation>
    </message>
</context>
<context>
    <name>ServersPage</name>
    <message>
        <source>MCP servers bring tools of other people. A server runs as you do: it may read and change whatever you may. Switch on only what you trust.</source>
        <translation>MCP 服务器提供他人的工具。服务器以你的身份运行：你能读写的，它都能读写。只开启你信任的。</translation>
    </message>
    <message>
        <source>The settings of servers as other programs have them</source>
        <translation>其他程序使用的服务器设置</translation>
    </message>
    <message>
        <source>Add, switched off</source>
        <translation>添加（先不开启）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>There are no servers.</source>
        <translation>没有服务器。</translation>
    </message>
    <message>
        <source>Paste settings …</source>
        <translation>粘贴设置…</translation>
    </message>
</context>
<context>
    <name>SettingsAbout</name>
    <message>
        <source>Rename or delete the conversation in the list</source>
        <translation>重命名或删除列表中的对话</translation>
    </message>
    <message>
        <source>Stop answering, or close</source>
        <translation>停止回答，或关闭</translation>
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
    <message>
        <source>Talk while it is held</source>
        <translation>按住时说话</translation>
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
    <message>
        <source>Tell me when a long answer is done</source>
        <translation>较长的回答完成时通知我</translation>
    </message>
    <message>
        <source>With a note on the desktop, while you look at something else.</source>
        <translation>你在看别的窗口时，在桌面上通知。</translation>
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
        <source>What you ask is sent to %1, as you chose under Engine, and to nobody else. There are no accounts, no counting of use, and no checks for updates. What you write, show and get is kept in one file on this computer.</source>
        <translation>按您在“引擎”中的选择，您的提问会发送到 %1，不会发送到其他任何地方。没有账户，不统计使用情况，也不检查更新。您写的、展示的和得到的内容都保存在本机的一个文件中。</translation>
    </message>
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
        <source>Tools and memory</source>
        <translation>工具与记忆</translation>
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
        <source>Hold %1 and speak, or tap it to begin a conversation and tap it again to end it. What you say is heard on this computer, and its words are answered on %2.</source>
        <translation>按住 %1 说话，或轻按它开始对话、再轻按一次结束。您说的话在本机识别，其文字由 %2 回答。</translation>
    </message>
    <message>
        <source>Hold %1 and speak, or tap it to begin a conversation and tap it again to end it. What you say is heard, understood and answered on this computer.</source>
        <translation>按住 %1 说话，或轻按一下开始对话，再轻按一下结束。你说的话只在这台电脑上被听取、理解和回答。</translation>
    </message>
</context>
<context>
    <name>SettingsTools</name>
    <message>
        <source>Show …</source>
        <translation>查看…</translation>
    </message>
    <message>
        <source>Tools in new conversations</source>
        <translation>新对话中的工具</translation>
    </message>
    <message>
        <source>A model may then ask for tools. You are asked before one touches anything of yours.</source>
        <translation>模型可以请求使用工具。工具触及你的任何东西之前都会先问你。</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>What there is, and what each may touch.</source>
        <translation>有哪些工具，各自可以触及什么。</translation>
    </message>
    <message>
        <source>MCP servers</source>
        <translation>MCP 服务器</translation>
    </message>
    <message>
        <source>Programs of other people that bring tools.</source>
        <translation>提供工具的他人程序。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Where tools may read or write files.</source>
        <translation>工具可以读写文件的地方。</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>What you allowed or forbade for good.</source>
        <translation>你长期允许或禁止的事。</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>做过的事</translation>
    </message>
    <message>
        <source>Every call: when, with what, and by whose leave.</source>
        <translation>每次调用：时间、参数和由谁允许。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>What Medley remembers of you.</source>
        <translation>Medley 记住的关于你的事。</translation>
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
        <source>Is answered on %1</source>
        <translation>由 %1 回答</translation>
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
    <name>Switcher</name>
    <message>
        <source>Go to a conversation, a command, a preset or a model</source>
        <translation>转到对话、命令、预设或模型</translation>
    </message>
    <message>
        <source>Go to …</source>
        <translation>转到…</translation>
    </message>
    <message>
        <source>The arrow keys choose, Enter opens</source>
        <translation>方向键选择，回车打开</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Nothing is called so.</source>
        <translation>没有这样的名称。</translation>
    </message>
    <message>
        <source>&gt; commands   @ models   / presets</source>
        <translation>&gt; 命令   @ 模型   / 预设</translation>
    </message>
</context>
<context>
    <name>SwitcherHeading</name>
    <message>
        <source>Conversations</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>In messages</source>
        <translation>消息中</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
</context>
<context>
    <name>SwitcherLine</name>
    <message>
        <source>New conversation</source>
        <translation>新对话</translation>
    </message>
    <message>
        <source>Ctrl+Enter: for this conversation</source>
        <translation>Ctrl+回车：用于这个对话</translation>
    </message>
    <message>
        <source>Ctrl+Enter: in a new conversation</source>
        <translation>Ctrl+回车：在新对话中</translation>
    </message>
    <message>
        <source>Ctrl+Enter: in this conversation</source>
        <translation>Ctrl+回车：在这个对话中</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>%1: %2, chosen</source>
        <translation>%1：%2，已选</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Ask: %1</source>
        <translation>提问：%1</translation>
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
        <translation>现在就可以说：你说的话会保留下来。</translation>
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
        <source>A tool waits for your answer in “%1”</source>
        <translation>“%1”中有工具等你回答</translation>
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
    <message>
        <source>Preset saved: %1</source>
        <translation>预设已保存：%1</translation>
    </message>
    <message>
        <source>Answered by the preset “%1” from now on</source>
        <translation>从现在起按预设“%1”回答</translation>
    </message>
</context>
<context>
    <name>ToolCard</name>
    <message>
        <source>Tool: %1. %2</source>
        <translation>工具：%1。%2</translation>
    </message>
    <message>
        <source>Hide the details</source>
        <translation>隐藏详情</translation>
    </message>
    <message>
        <source>Show the details</source>
        <translation>显示详情</translation>
    </message>
    <message>
        <source>Stop answering</source>
        <translation>停止回答</translation>
    </message>
</context>
<context>
    <name>ToolWords</name>
    <message>
        <source>Search the library</source>
        <translation>搜索资料库</translation>
    </message>
    <message>
        <source>Read a file</source>
        <translation>读取文件</translation>
    </message>
    <message>
        <source>Write a file</source>
        <translation>写入文件</translation>
    </message>
    <message>
        <source>Edit a file</source>
        <translation>编辑文件</translation>
    </message>
    <message>
        <source>Find files</source>
        <translation>查找文件</translation>
    </message>
    <message>
        <source>Change a picture, sound or clip</source>
        <translation>修改图片、声音或视频</translation>
    </message>
    <message>
        <source>Save a picture, sound or clip</source>
        <translation>保存图片、声音或视频</translation>
    </message>
    <message>
        <source>Look what media there are</source>
        <translation>查看有哪些媒体</translation>
    </message>
    <message>
        <source>Look at a picture, sound or clip</source>
        <translation>查看图片、声音或视频</translation>
    </message>
    <message>
        <source>Make a picture</source>
        <translation>生成图片</translation>
    </message>
    <message>
        <source>Make a sound</source>
        <translation>生成声音</translation>
    </message>
    <message>
        <source>Make a clip</source>
        <translation>生成视频</translation>
    </message>
    <message>
        <source>List a folder</source>
        <translation>列出文件夹</translation>
    </message>
    <message>
        <source>Rename or move a file</source>
        <translation>重命名或移动文件</translation>
    </message>
    <message>
        <source>Make a folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Delete a file</source>
        <translation>删除文件</translation>
    </message>
    <message>
        <source>Look at the clock</source>
        <translation>查看时间</translation>
    </message>
    <message>
        <source>Compute with dates</source>
        <translation>计算日期</translation>
    </message>
    <message>
        <source>Calculate</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Convert units</source>
        <translation>换算单位</translation>
    </message>
    <message>
        <source>Set a reminder</source>
        <translation>设置提醒</translation>
    </message>
    <message>
        <source>Set a timer</source>
        <translation>设置计时器</translation>
    </message>
    <message>
        <source>Look at the reminders</source>
        <translation>查看提醒</translation>
    </message>
    <message>
        <source>Cancel a reminder</source>
        <translation>取消提醒</translation>
    </message>
    <message>
        <source>Remember something</source>
        <translation>记住一件事</translation>
    </message>
    <message>
        <source>Look at what is remembered</source>
        <translation>查看记忆</translation>
    </message>
    <message>
        <source>Forget something</source>
        <translation>忘记一件事</translation>
    </message>
    <message>
        <source>Read the clipboard</source>
        <translation>读取剪贴板</translation>
    </message>
    <message>
        <source>Write to the clipboard</source>
        <translation>写入剪贴板</translation>
    </message>
    <message>
        <source>Take a picture of the screen</source>
        <translation>截取屏幕</translation>
    </message>
    <message>
        <source>Open a file or an address</source>
        <translation>打开文件或网址</translation>
    </message>
    <message>
        <source>Run Python</source>
        <translation>运行 Python</translation>
    </message>
    <message>
        <source>Look for a tool</source>
        <translation>查找工具</translation>
    </message>
    <message>
        <source>Call a tool</source>
        <translation>调用工具</translation>
    </message>
    <message>
        <source>Touches nothing: it only answers.</source>
        <translation>不触及任何东西，只给出回答。</translation>
    </message>
    <message>
        <source>Reads your conversations and what is in your library.</source>
        <translation>读取你的对话和资料库中的内容。</translation>
    </message>
    <message>
        <source>Reads or changes what Medley remembers of you.</source>
        <translation>读取或更改 Medley 对你的记忆。</translation>
    </message>
    <message>
        <source>Reads files in the folders that you granted.</source>
        <translation>读取你授权的文件夹中的文件。</translation>
    </message>
    <message>
        <source>Changes files in the folders that you granted to be written to. A copy of what was there is kept.</source>
        <translation>更改你授权写入的文件夹中的文件，并保留原文件的副本。</translation>
    </message>
    <message>
        <source>Reads or changes the clipboard.</source>
        <translation>读取或更改剪贴板。</translation>
    </message>
    <message>
        <source>Sees what is on your screen.</source>
        <translation>看到你屏幕上的内容。</translation>
    </message>
    <message>
        <source>Sets or removes reminders.</source>
        <translation>设置或删除提醒。</translation>
    </message>
    <message>
        <source>Makes pictures, sounds and clips.</source>
        <translation>生成图片、声音和视频。</translation>
    </message>
    <message>
        <source>Has another program open something.</source>
        <translation>让其他程序打开内容。</translation>
    </message>
    <message>
        <source>Runs a program in a closed room without network.</source>
        <translation>在没有网络的封闭环境中运行程序。</translation>
    </message>
    <message>
        <source>Connects to other machines.</source>
        <translation>连接其他机器。</translation>
    </message>
    <message>
        <source>Is a program of somebody else. It may do whatever you may do on this computer.</source>
        <translation>是他人的程序。你在这台电脑上能做的，它都能做。</translation>
    </message>
    <message>
        <source>waits for you</source>
        <translation>等你决定</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>未允许</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
</context>
<context>
    <name>ToolsButton</name>
    <message>
        <source>%1 folders</source>
        <translation>%1 个文件夹</translation>
    </message>
    <message>
        <source>Tools are off in this conversation</source>
        <translation>此对话未开启工具</translation>
    </message>
    <message>
        <source>Tools are on in this conversation, with %1</source>
        <translation>此对话已开启工具，可访问 %1</translation>
    </message>
    <message>
        <source>Tools are on in this conversation</source>
        <translation>此对话已开启工具</translation>
    </message>
    <message>
        <source>Shows the tools and the folders</source>
        <translation>显示工具和文件夹</translation>
    </message>
</context>
<context>
    <name>ToolsPage</name>
    <message>
        <source>Tools in new conversations</source>
        <translation>新对话中的工具</translation>
    </message>
    <message>
        <source>A model may then ask for tools. You are asked before one touches anything of yours.</source>
        <translation>模型可以请求使用工具。工具触及你的任何东西之前都会先问你。</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Of %1</source>
        <translation>来自 %1</translation>
    </message>
    <message>
        <source>Runs without asking.</source>
        <translation>运行时不询问。</translation>
    </message>
    <message>
        <source>You are asked every time.</source>
        <translation>每次都会询问你。</translation>
    </message>
    <message>
        <source>You are asked, and may allow it for good.</source>
        <translation>会询问你，你也可以长期允许。</translation>
    </message>
    <message>
        <source>Looking what there is …</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>There are no tools.</source>
        <translation>没有工具。</translation>
    </message>
</context>
<context>
    <name>ToolsPopup</name>
    <message>
        <source>Tools in this conversation</source>
        <translation>此对话中的工具</translation>
    </message>
    <message>
        <source>The model may ask for them. You are asked before one touches anything of yours.</source>
        <translation>模型可以请求使用工具。工具触及你的任何东西之前都会先问你。</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>%1, in every conversation</source>
        <translation>%1，对所有对话有效</translation>
    </message>
    <message>
        <source>No folder is granted: tools see none of your files.</source>
        <translation>没有授权文件夹：工具看不到你的任何文件。</translation>
    </message>
    <message>
        <source>Grant a folder …</source>
        <translation>授权文件夹…</translation>
    </message>
    <message>
        <source>What there is</source>
        <translation>有哪些工具</translation>
    </message>
    <message>
        <source>Looking what there is …</source>
        <translation>正在查看…</translation>
    </message>
    <message>
        <source>There are no tools.</source>
        <translation>没有工具。</translation>
    </message>
    <message>
        <source>Tools and memory …</source>
        <translation>工具与记忆…</translation>
    </message>
</context>
<context>
    <name>ToolsSheet</name>
    <message>
        <source>Tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>做过的事</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>记忆</translation>
    </message>
    <message>
        <source>Reminders</source>
        <translation>提醒</translation>
    </message>
    <message>
        <source>Tools and memory</source>
        <translation>工具与记忆</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Write here</source>
        <translation>在这里写</translation>
    </message>
    <message>
        <source>Ask for words, a picture, a sound or a clip, as you would ask a person. Enter sends.</source>
        <translation>像对人说话一样，要文字、图片、声音或视频。按回车发送。</translation>
    </message>
    <message>
        <source>Or talk</source>
        <translation>或者说话</translation>
    </message>
    <message>
        <source>Hold this button, or F8, and speak. A short press begins a conversation without hands.</source>
        <translation>按住这个按钮或 F8 说话。短按则开始免提对话。</translation>
    </message>
    <message>
        <source>Show something</source>
        <translation>给它看</translation>
    </message>
    <message>
        <source>Attach pictures, sounds, clips and documents, or drop them anywhere on the window.</source>
        <translation>添加图片、声音、视频和文档，或把它们拖到窗口的任意位置。</translation>
    </message>
    <message>
        <source>Choose who answers</source>
        <translation>选择由谁回答</translation>
    </message>
    <message>
        <source>Here are your models. Ctrl+K goes to every conversation, command, preset and model.</source>
        <translation>这里是你的模型。按 Ctrl+K 可转到任何对话、命令、预设和模型。</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
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
        <translation>你在听到之前就打断了：显示内容</translation>
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
